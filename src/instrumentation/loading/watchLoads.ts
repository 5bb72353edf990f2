// A namespace import: runtimes without `registerHooks` must be able to load this file, and then get an ordinary exception.
import * as nodeModule from 'node:module';
import { addHandover } from './addHandover.js';
import type { FieldMark } from './fieldMarks.js';
import { openHandover } from './handover.js';
import type { JsRuntime } from './jsRuntime.js';
import type { LoadListener, LoadPattern } from './loadWatch.js';
import { syncLoadHooksAreSafe } from './nodeVersions.js';

/**
 * Notifies `listener` of matching modules, ESM and CommonJS, that load from now on in this thread. Returns a function that stops
 * it.
 *
 * One line is added at the end of a matching module; without us it does nothing. Of all other modules, those that have a class of
 * the `marks` are changed to hand over its instances (to `openInstances`); the rest stay untouched. CommonJS may be reported here
 * as well as by `watchCjs` and `watchCompile`, but not always: use them too. On older versions of Node (see `syncLoadHooksAreSafe`)
 * an asynchronous hook in Node's loader thread does it instead: it is slower to start, blind to `require`, and stays until the end
 * of the process, idle once stopped.
 *
 * Bun has no such hooks. Deno has them, but while one is present it compiles required JSON and native addons as JavaScript. On both,
 * nothing is watched here: `watchCjs` sees CommonJS, and `loadEsm` loads what would be missed.
 */
export function watchLoads(
  pattern: LoadPattern,
  listener: LoadListener,
  { name, nodeVersion }: JsRuntime,
  marks: readonly FieldMark[] = [],
): () => void {
  if (name !== 'node') return () => undefined;
  const { id, close } = openHandover(listener);
  const target = { id, pattern, marks };
  if (!syncLoadHooksAreSafe(nodeVersion)) {
    nodeModule.register(new URL('./loadThread.js', import.meta.url), { data: target });
    return close;
  }
  const hooks = nodeModule.registerHooks({
    load(url, context, nextLoad) {
      return addHandover(nextLoad(url, context), url, target);
    },
  });
  return () => {
    hooks.deregister();
    close();
  };
}
