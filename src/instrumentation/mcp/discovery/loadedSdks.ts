import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { installedCopies, modulesFoldersOf } from '../../loading/installedCopies.js';
import { loadedCjsFiles, tellLoadedCjs } from '../../loading/loadedCjs.js';
import { probeLoadedEsm } from '../../loading/loadedEsm.js';
import { ourFile } from '../../loading/ourRequire.js';
import type { LoadListener } from '../../loading/loadWatch.js';
import { SDK_PACKAGES, SDK_PATTERN, esmEntries } from './sdkFiles.js';
import type { DiscoveryIo } from './types.js';

/** Tells `listener` of what is loaded already, and of ES modules in the middle of it once they are done. */
export function tellLoadedSdks(io: DiscoveryIo, listener: LoadListener): void {
  tellLoadedCjs(SDK_PATTERN, listener);
  for (const urls of installedCopies(SDK_PACKAGES, startsOf(io)).flatMap((root) => esmEntries(root))) tellLoadedBuild(urls, listener);
}

/** Copies that no other place leads to cannot be found: Node has no list of its ES modules. */
function startsOf({ mainScript, cwd }: DiscoveryIo): Set<string> {
  const starts = new Set([cwd, dirname(ourFile()), ...modulesFoldersOf(loadedCjsFiles())]);
  if (mainScript !== undefined) starts.add(dirname(realPath(mainScript)));
  return starts;
}

/** `node server` runs server.js: the name need not be that of a file, its folder is what counts. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function tellLoadedBuild(urls: readonly string[], listener: LoadListener): void {
  for (const url of urls) {
    const probe = probeLoadedEsm(url);
    // The first is what the others need. Of the others each may be there or not.
    if (probe.state === 'absent' && url === urls[0]) return;
    if (probe.state === 'loaded') tellNamespace(url, probe.namespace, listener);
    if (probe.state === 'unfinished') void tellWhenLoaded(url, listener);
  }
}

async function tellWhenLoaded(url: string, listener: LoadListener): Promise<void> {
  try {
    tellNamespace(url, (await import(/* webpackIgnore: true */ url)) as object, listener);
  } catch {
    // It failed to load. Whoever imported it hears of that.
  }
}

function tellNamespace(url: string, namespace: object, listener: LoadListener): void {
  const values = Object.fromEntries(SDK_PATTERN.names.map((name) => [name, Reflect.get(namespace, name)]));
  // What an ES module exports is not ours to change from outside.
  listener({ url, format: 'esm', values, replace: () => false });
}
