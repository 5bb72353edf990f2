/** How `signal-exit` counts its loaded copies: version 3 on `process`, version 4 on the global object. */
const COUNTED_BY_3 = '__signal_exit_emitter__';
const COUNTED_BY_4 = Symbol.for('signal-exit emitter');

/**
 * Returns how many listeners for each signal belong to the package `signal-exit`, which `execa`, `ora`, npm and others bring along.
 *
 * Its listeners end the process when they find none but their own, and otherwise leave that to the others. Ours does the same for
 * the listeners of a host, so the two would wait for each other, and the process would survive every signal.
 */
export function signalExitListeners(host: object, global: object): number {
  return countIn(host, COUNTED_BY_3) + countIn(global, COUNTED_BY_4);
}

function countIn(owner: object, key: string | symbol): number {
  const emitter: unknown = Reflect.get(owner, key);
  const count: unknown = typeof emitter === 'object' && emitter !== null ? Reflect.get(emitter, 'count') : undefined;
  return typeof count === 'number' ? count : 0;
}
