import type { OtlpReceiver } from '../../../testing/receiverTypes.js';
import type { SpanRecord } from '../../../testing/records.js';
import type { Clock } from '../../../time/clock.js';
import { PendingTraces, SETTLE_MS } from './pendingTraces.js';

/** Longest delay of a Node timer. */
const FOREVER_MS = 2 ** 31 - 1;

export interface ShowOptions {
  readonly receiver: OtlpReceiver;
  readonly clock: Clock;
  readonly show: (spans: readonly SpanRecord[]) => void;
  /** Aborted before the receiver is closed, to end the waiting. */
  readonly ended: AbortSignal;
}

/** Shows each trace once it is due, and at the end all that remain. Resolves with the number of traces. */
export async function showTraces({ receiver, clock, show, ended }: ShowOptions): Promise<number> {
  const pending = new PendingTraces();
  let count = 0;
  const showAll = (traces: readonly (readonly SpanRecord[])[]): void => {
    traces.forEach(show);
    count += traces.length;
  };
  while (!ended.aborted) {
    const timeoutMs = pending.isEmpty ? FOREVER_MS : SETTLE_MS;
    // Rejects when nothing arrives in time, and when the receiver is closed.
    await receiver.waitFor(({ spans }) => spans().length > 0, { timeoutMs }).catch(() => undefined);
    pending.add(receiver.spans(), clock.monotonicMs());
    receiver.reset();
    showAll(pending.takeDue(clock.monotonicMs()));
  }
  showAll(pending.takeAll());
  return count;
}
