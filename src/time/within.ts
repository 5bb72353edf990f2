/** An operation that did not settle in time. It may still take effect later. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
  }
}

/**
 * Settles as `work` does, but rejects with `TimedOut` after `limitMs`. A later failure of `work` is swallowed, not unhandled.
 *
 * Keeps the event loop alive while waiting: what we wait for often does not (an export whose socket is unreferenced, see
 * `OtlpTransport`), and without this a process that has nothing else to do would exit before the answer arrived.
 */
export async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new TimedOut(limitMs));
  }, limitMs);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits at most `limitMs` until `work` has settled, either way. Resolves to whether it has; never rejects. */
export async function isOverWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  try {
    await within(limitMs, () => work);
    return true;
  } catch (error) {
    return !(error instanceof TimedOut);
  }
}
