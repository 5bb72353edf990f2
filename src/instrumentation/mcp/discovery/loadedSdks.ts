import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { installedCopies, modulesFoldersOf } from '../../loading/installedCopies.js';
import { loadedCjsFiles, tellLoadedCjs } from '../../loading/loadedCjs.js';
import { loadEsm } from '../../loading/loadEsm.js';
import { probeLoadedEsm } from '../../loading/loadedEsm.js';
import { ourFile } from '../../loading/ourRequire.js';
import type { LoadListener } from '../../loading/loadWatch.js';
import { SDK_PACKAGES, SDK_PATTERN, esmEntries } from './sdkFiles.js';
import type { DiscoveryIo } from './types.js';

/**
 * Notifies `listener` of what is already loaded, and of ES modules that are still loading once they are done. On Bun and Deno, the
 * installed SDKs are loaded if they have not been: see `loadEsm`.
 */
export function reportLoadedSdks(io: DiscoveryIo, listener: LoadListener): void {
  tellLoadedCjs(SDK_PATTERN, listener);
  const report = io.runtime.name === 'node' ? reportLoadedBuild : reportBuild;
  for (const urls of installedCopies(SDK_PACKAGES, startsOf(io)).flatMap((root) => esmEntries(root))) report(urls, listener);
}

function reportBuild(urls: readonly string[], listener: LoadListener): void {
  for (const url of urls) {
    const namespace = loadEsm(url);
    if (namespace !== undefined) reportNamespace(url, namespace, listener);
  }
}

/** Copies that none of these places leads to cannot be found: Node has no list of its ES modules. */
function startsOf({ mainScript, cwd }: DiscoveryIo): Set<string> {
  const starts = new Set([cwd, dirname(ourFile()), ...modulesFoldersOf(loadedCjsFiles())]);
  if (mainScript !== undefined) starts.add(dirname(realPath(mainScript)));
  return starts;
}

/** `node server` runs server.js: the name may not be that of a file, but only its folder matters. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function reportLoadedBuild(urls: readonly string[], listener: LoadListener): void {
  for (const url of urls) {
    const probe = probeLoadedEsm(url);
    // The others import the first. Each of the others may or may not be present.
    if (probe.state === 'absent' && url === urls[0]) return;
    if (probe.state === 'loaded') reportNamespace(url, probe.namespace, listener);
    if (probe.state === 'unfinished') void reportWhenLoaded(url, listener);
  }
}

async function reportWhenLoaded(url: string, listener: LoadListener): Promise<void> {
  try {
    reportNamespace(url, (await import(/* webpackIgnore: true */ url)) as object, listener);
  } catch {
    // It failed to load. The code that imported it gets that error.
  }
}

function reportNamespace(url: string, namespace: object, listener: LoadListener): void {
  const values = Object.fromEntries(SDK_PATTERN.names.map((name) => [name, Reflect.get(namespace, name)]));
  // The exports of an ES module cannot be changed from outside.
  listener({ url, format: 'esm', values, replace: () => false });
}
