// As a namespace: runtimes without `registerHooks` must be able to load this file, and then hear an ordinary exception.
import * as nodeModule from 'node:module';
import { addHandover } from './addHandover.js';
import type { FieldMark } from './fieldMarks.js';
import { openHandover } from './handover.js';
import type { LoadListener, LoadPattern } from './loadWatch.js';
import { syncLoadHooksAreSafe } from './nodeVersions.js';

/**
 * Tells `listener` of matching modules, ESM and CommonJS, that load from now on in this thread. Returns what stops it.
 *
 * One line is added at the end of a matching module; without us it does nothing. Of all others those that have a class of
 * the `marks` get it to hand over its instances (to `openInstances`); the rest pass untouched.
 * CommonJS may be told of as well as by `watchCjs` and `watchCompile`, and not always: use them too.
 * On older versions of Node (see `syncLoadHooksAreSafe`) an asynchronous hook in Node's loader thread does it instead:
 * slower to start, blind to `require`, and it stays until the end of the process, idle once stopped.
 *
 * @param nodeVersion as in `process.versions.node`
 */
export function watchLoads(
  pattern: LoadPattern,
  listener: LoadListener,
  nodeVersion: string,
  marks: readonly FieldMark[] = [],
): () => void {
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
