import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { ourRequire } from './ourRequire.js';

export type EsmProbe =
  | { readonly state: 'loaded'; readonly namespace: object }
  | { readonly state: 'absent' }
  /**
   * Known to Node but not available at once: still loading, in a cycle with the caller, with a top-level `await` (even a finished
   * one), or failed. `import` of its URL waits for it and loads nothing that would not be loaded anyway.
   */
  | { readonly state: 'unfinished' };

let probes = 0;

/**
 * Returns the live namespace of an ES module if this thread has loaded it, without loading it otherwise. Node keeps no list of its
 * ES modules, so we make it load a module of our own that re-exports the file in question, while a hook refuses to read that file:
 * what is already loaded is not read again. A refused module can be imported afterwards as usual.
 *
 * A module that is linked and waits for its turn (the caller is imported before it) is evaluated now; its importers get the same
 * instance later.
 *
 * @param url `file:` URL as `import.meta.url` would have it: with symbolic links resolved
 */
export function probeLoadedEsm(url: string): EsmProbe {
  if (!existsSync(fileURLToPath(url))) return { state: 'absent' };
  const ours = ourRequire();
  const probe = `handoff-otel-probe:${probes}`;
  probes += 1;
  let isKnown = false;
  // Registered last, so they run first: no other hook sees these requests.
  const hooks = nodeModule.registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === probe) return { url: probe, format: 'module', shortCircuit: true };
      if (specifier !== url) return nextResolve(specifier, context);
      isKnown = true;
      return { url, format: 'module', shortCircuit: true };
    },
    load(requested, context, nextLoad) {
      if (requested === probe) return { format: 'module', source: `export * from ${JSON.stringify(url)};`, shortCircuit: true };
      // Others must pass: a module that is evaluated now loads its CommonJS dependencies now, and would otherwise stay broken.
      if (requested !== url) return nextLoad(requested, context);
      isKnown = false;
      throw new Error('Not loaded.');
    },
  });
  try {
    return { state: 'loaded', namespace: ours(probe) as object };
  } catch {
    return { state: isKnown ? 'unfinished' : 'absent' };
  } finally {
    hooks.deregister();
    Reflect.deleteProperty(ours.cache, probe);
  }
}
