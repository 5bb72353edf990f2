import dns from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Done = Parameters<LookupFunction>[2];

interface Pending {
  readonly hostname: string;
  readonly options: LookupOptions;
  readonly waiting: Done[];
}

/** `dns.lookup` as it is when it is called, since a host may replace it. */
function lookupNow(hostname: string, options: LookupOptions, done: Done): void {
  dns.lookup(hostname, options, done as (error: Error | null, addresses: string | LookupAddress[], family: number) => void);
}

/**
 * Returns a lookup of host names for connections that looks up one name at a time: whoever asks for a name that is being looked up gets the
 * same answer, and whoever asks for another name waits until it is its turn.
 *
 * `dns.lookup` occupies a thread until the name servers have answered or are given up, which may take a minute, and Node.js has two threads
 * for the lookups of a whole process. A lookup cannot be cancelled. Three signals that try again and again to reach a receiver whose name
 * nobody answers for would occupy both, and lookups of the host's own, of names that are fine, would wait behind them.
 *
 * @param lookup looks a name up. Default: `dns.lookup`.
 */
export function createOneLookup(lookup: LookupFunction = lookupNow): LookupFunction {
  const pending = new Map<string, Pending>();

  const begin = (key: string, { hostname, options, waiting }: Pending): void => {
    let isOver = false;
    const ended: Done = (...answer) => {
      if (isOver) return; // a lookup of the host's that answers twice
      isOver = true;
      pending.delete(key);
      const [next] = pending;
      if (next !== undefined) begin(...next);
      for (const done of waiting) done(...answer);
    };
    try {
      lookup(hostname, options, ended);
    } catch (error) {
      // An option that it does not take: it would have thrown in the connection that asked.
      ended(error as NodeJS.ErrnoException, '', 0);
    }
  };

  return (hostname, options, done) => {
    const key = JSON.stringify([hostname, options]);
    const before = pending.get(key);
    if (before !== undefined) {
      before.waiting.push(done);
      return;
    }
    const one: Pending = { hostname, options, waiting: [done] };
    pending.set(key, one);
    if (pending.size === 1) begin(key, one);
  };
}

/** For all receivers of the process, since they share its threads. */
export const oneLookup: LookupFunction = createOneLookup();
