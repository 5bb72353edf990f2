import type { Notify } from './env.js';
import { renewedTlsMaterial } from '../../values/tlsMaterial.js';
import type { TlsMaterial } from '../../values/tlsMaterial.js';

/** Paths of PEM files; each with the setting it comes from, for notices. */
export interface TlsFiles {
  readonly ca?: NamedFile | undefined;
  readonly cert?: NamedFile | undefined;
  readonly key?: NamedFile | undefined;
}

export interface NamedFile {
  readonly setting: string;
  readonly path: string;
}

export type ReadFile = (path: string) => Buffer;

/**
 * Reads the files that can be read and reports the others. The connection may then fail, but is never less protected.
 *
 * @returns what reads the same files again, for each new connection
 */
export function tlsMaterial(files: TlsFiles, readFile: ReadFile, notify: Notify): (() => TlsMaterial) | undefined {
  const read = (file: NamedFile | undefined): Buffer | undefined => {
    if (file === undefined) return undefined;
    try {
      return readFile(file.path);
    } catch {
      notify(`${file.setting}: the file cannot be read; it is ignored.`);
      return undefined;
    }
  };
  const ca = read(files.ca);
  const cert = read(files.cert);
  const key = read(files.key);
  const isPair = cert !== undefined && key !== undefined;
  const single = files.cert ?? files.key;
  if (!isPair && single !== undefined)
    notify(`${single.setting}: a client certificate needs its key, and the key its certificate; no client certificate is presented.`);
  if (ca === undefined && !isPair) return undefined;
  const found = { ...(ca === undefined ? {} : { ca }), ...(isPair ? { cert, key } : {}) };
  return renewedTlsMaterial(found, (part) => readFile(files[part]?.path ?? ''));
}
