import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../../logging/suppression.js';
import { inboxAddress } from '../resources/inboxAddress.js';
import type { Clock } from '../../../time/clock.js';

/** Tells of new handoffs while somebody listens, whichever process made them. */
export interface InboxWatch {
  /**
   * From now on `listener` gets the address of each inbox that a handoff comes into, within the interval. One that came in the
   * half minute before may be told as well: a listener that reads the inbox first and listens then misses none. The returned
   * function ends it, and may be called again.
   */
  listen(listener: (address: string) => void): () => void;
}

/** Asks for the handoffs of the last half minute. */
export type Arrivals = () => Promise<readonly { readonly handoffId: string; readonly targetAgent: string }[]>;

export interface InboxWatchDependencies {
  readonly arrivals: Arrivals;
  readonly clock: Clock;
  /** Time between two questions to the database, in milliseconds. Default: 1000. */
  readonly intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 1000;

/**
 * Asks the database at an interval, with one cheap statement for all who listen, and not at all while nobody does. Notifications of
 * PostgreSQL would be faster, but on the embedded database they reach the wrong connection.
 *
 * The questions are not traced, whatever the caller passes in: nobody requested them, and a span each second would hide the rest. What is
 * told belongs to no call either, as the one that began to listen ended long ago.
 */
export function createInboxWatch({ arrivals, clock, intervalMs = DEFAULT_INTERVAL_MS }: InboxWatchDependencies): InboxWatch {
  const untraced = suppressTracing(ROOT_CONTEXT);
  const listeners = new Set<{ readonly tell: (address: string) => void }>();
  let running: AbortController | undefined;

  async function run(signal: AbortSignal): Promise<void> {
    let known: ReadonlySet<string> = new Set();
    for (;;) {
      // While the database cannot be reached, nothing can arrive: the next question finds what came meanwhile.
      const arrived = await context.with(untraced, arrivals).catch(() => undefined);
      if (signal.aborted) return;
      if (arrived !== undefined) {
        const fresh = arrived.filter(({ handoffId }) => !known.has(handoffId));
        known = new Set(arrived.map(({ handoffId }) => handoffId));
        for (const agent of new Set(fresh.map(({ targetAgent }) => targetAgent))) tellAll(inboxAddress(agent));
      }
      await clock.sleep(intervalMs, { signal, unref: true }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  function tellAll(address: string): void {
    for (const { tell } of listeners) {
      try {
        tell(address);
      } catch {
        // A connection that broke; it ends its listening by itself.
      }
    }
  }

  return {
    listen: (tell) => {
      const listener = { tell };
      listeners.add(listener);
      if (running === undefined) {
        const { signal } = (running = new AbortController());
        void context.with(ROOT_CONTEXT, () => run(signal));
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        running?.abort();
        running = undefined;
      };
    },
  };
}
