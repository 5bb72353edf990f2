import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
// Imported as a namespace: runtimes without `getCallSites` must be able to load this file.
import * as nodeUtil from 'node:util';
import { mayHaveMarks } from '../../loading/fieldMarks.js';
import { installedCopies } from '../../loading/installedCopies.js';
import { hasMarkedFields } from '../../loading/markedFields.js';
import { loadedCjsFiles } from '../../loading/loadedCjs.js';
import { readManifest } from '../../loading/packageFolder.js';
import { SDK_MARKS, SDK_PACKAGES } from './sdkFiles.js';
import type { DiscoveryIo } from './types.js';

/** Larger files are not read: bundles of whole programs are smaller, and reading costs startup time. */
const LARGEST_BYTES = 64_000_000;

/** More stack frames than there are between us and the caller of `instrument()`. */
const FRAMES = 64;

const REMEDY =
  'Pass servers and clients to instrumentServer() and instrumentClient(), or load handoff-otel before them (--import handoff-otel/register).';

/**
 * Returns why an SDK that is in use may not have been found: one sentence and the remedy; `undefined` if nothing suggests one. Call it
 * when none was found among the loaded modules. An SDK that is merely installed does not count: it is found when it loads. On Bun
 * and Deno, what is installed has been loaded by now.
 */
export function unseenSdk({ mainScript, cwd, runtime }: DiscoveryIo): string | undefined {
  if (runtime.name !== 'node')
    return `mcp: no MCP SDK was found where ${runtime.name === 'bun' ? 'Bun' : 'Deno'} looks for packages, and one that loads later is not seen. Pass servers and clients to instrumentServer() and instrumentClient().`;
  const main = mainScript === undefined ? undefined : realFile(mainScript);
  if (main !== undefined && isBundleWithSdk(main) && isLoaded(main))
    return `mcp: ${main} has an MCP SDK bundled into it and was loaded before handoff-otel, so its servers and clients are not seen. ${REMEDY}`;
  const declared = declaredAbove(main === undefined ? cwd : dirname(main));
  if (declared === undefined || installedCopies(SDK_PACKAGES, [cwd, declared.folder]).length > 0) return undefined;
  return `mcp: ${join(declared.folder, 'package.json')} lists ${declared.name}, but its installation cannot be found, and it has not been seen to load. If it is in use here: ${REMEDY}`;
}

function realFile(path: string): string | undefined {
  try {
    const file = realpathSync(path);
    return statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

function isBundleWithSdk(file: string): boolean {
  if (statSync(file).size > LARGEST_BYTES) return false;
  const source = readFileSync(file);
  // The names alone do not suffice: a bundle of this package has them as well.
  return mayHaveMarks(source, SDK_MARKS) && hasMarkedFields(source.toString('latin1'), SDK_MARKS);
}

/** Checks the stack, not the loader: `instrument()` is called by the main module, and probing for that could run it too early. */
function isLoaded(file: string): boolean {
  const url = pathToFileURL(file).href;
  return (
    loadedCjsFiles().includes(file) || nodeUtil.getCallSites(FRAMES, { sourceMap: false }).some(({ scriptName }) => scriptName === url)
  );
}

/** Returns the SDK that the nearest package.json lists among its runtime dependencies. */
function declaredAbove(start: string): { readonly name: string; readonly folder: string } | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) {
      const dependencies: unknown = Reflect.get(manifest, 'dependencies');
      const name =
        typeof dependencies === 'object' && dependencies !== null ? SDK_PACKAGES.find((each) => each in dependencies) : undefined;
      return name === undefined ? undefined : { name, folder };
    }
    if (dirname(folder) === folder) return undefined;
  }
}
