/** An operation that did not settle in time. It may still take effect later. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
  }
}

/** Settles as `work` does, but rejects with `TimedOut` after `limitMs`. A late failure of `work` is swallowed, not unhandled. */
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
