import { errorMessage } from '../../errors/classify.js';
import type { Clock } from '../../time/clock.js';
import type { ReportLine } from '../diagnostics/diagnostics.js';
import type { TelemetrySettings } from '../settings/resolve.js';
import type { LastWords } from '../pipeline/signalQueue.js';
import { sendAndWait } from './sendAndWait.js';
import { awaitAnswers } from './unanswered.js';

export interface LastFlushOptions {
  /** Of spans and log records; those that go out otherwise than by OTLP over HTTP have nothing to give. */
  readonly queues: readonly { lastWords?(): LastWords }[];
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly report: ReportLine;
}

/**
 * Gets the last spans and log records out without the event loop, holding the process for at most `timeoutMs`.
 *
 * What results: everything not yet with the operating system is sent by this, once; what the operating system had
 * taken is not sent again unless its receiver refused it. So nothing arrives twice, and what can be lost is a request
 * whose receiver hung up without an answer. Metrics are not part of it: the SDK collects them asynchronously only.
 */
export function createLastFlush({ queues, clock, timeoutMs, report }: LastFlushOptions): () => void {
  return () => {
    try {
      const endMs = clock.monotonicMs() + timeoutMs;
      const leftMs = (): number => Math.max(0, endMs - clock.monotonicMs());
      const words = queues.flatMap((queue) => queue.lastWords?.() ?? []);
      deliver(
        words.flatMap(({ requests }) => requests),
        leftMs(),
        report,
      );
      const refused = awaitAnswers(
        words.flatMap(({ unanswered }) => unanswered),
        leftMs(),
        () => clock.monotonicMs(),
      );
      deliver(
        refused.flatMap(({ again }) => again() ?? []),
        leftMs(),
        report,
      );
    } catch (error) {
      report(`the last telemetry could not be sent: ${errorMessage(error)}`);
    }
  };
}

/** gRPC needs connections and calls that cannot be handed to a thread. Whoever asked for more than gRPC can give is notified. */
export function explainProtocols({ flushOnProcessExit, traces, logs }: TelemetrySettings, report: ReportLine): void {
  const byGrpc = Object.entries({ traces, logs }).flatMap(([signal, { outlets }]) =>
    outlets.some(({ target }) => target.protocol === 'grpc') ? [signal] : [],
  );
  if (flushOnProcessExit && byGrpc.length > 0)
    report(`flushOnProcessExit does not cover ${byGrpc.join(' and ')}: they leave by gRPC. http/protobuf is covered.`);
}

function deliver(requests: Parameters<typeof sendAndWait>[0], timeoutMs: number, report: ReportLine): void {
  if (requests.length === 0 || timeoutMs <= 0) return;
  const accepted = sendAndWait(requests, timeoutMs);
  if (accepted < requests.length)
    report(`${requests.length - accepted} of the last ${requests.length} telemetry requests were not delivered`);
}
