import type { LoadHook } from 'node:module';
import { addHandover } from './addHandover.js';
import type { HandoverTarget } from './addHandover.js';

// Runs in Node's loader thread, on versions of Node where synchronous load hooks are not safe. See watchLoads.

let target: HandoverTarget | undefined;

/** Called by Node with the `data` given to `module.register`. */
export function initialize(data: HandoverTarget): void {
  target = data;
}

/** Called by Node for each module that is imported. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  return target === undefined ? loaded : addHandover(loaded, url, target);
};
