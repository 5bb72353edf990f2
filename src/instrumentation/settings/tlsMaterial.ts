import type { Notify } from './env.js';
import type { TlsMaterial } from './otlpTarget.js';

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
 * @returns what reads the same files again, for each new connection. As long as one of them cannot be read, or they do not fit together
 *   because only some have been replaced so far, it answers what it answered before.
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
  return renewing(found, files, readFile);
}

const PARTS = ['ca', 'cert', 'key'] as const;

function renewing(first: TlsMaterial, files: TlsFiles, readFile: ReadFile): () => TlsMaterial {
  const parts = PARTS.filter((part) => first[part] !== undefined);
  let current = first;
  return () => {
    try {
      const found: TlsMaterial = Object.fromEntries(parts.map((part) => [part, readFile(files[part]?.path ?? '')]));
      const isSame = parts.every((part) => current[part]?.equals(found[part] ?? Buffer.alloc(0)));
      if (!isSame) {
        // Throws if the key is not the certificate's, or if a file is only half written.
        process.getBuiltinModule('node:tls').createSecureContext(found);
        current = found;
      }
    } catch {
      // The files are being replaced, or are gone; the next connection looks again.
    }
    return current;
  };
}
