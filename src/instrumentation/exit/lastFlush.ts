import { errorMessage } from '../../errors/classify.js';
import type { ReportLine } from '../diagnostics/diagnostics.js';
import type { TelemetrySettings } from '../settings/resolve.js';
import type { LastRequest } from '../pipeline/otlp/lastRequest.js';
import { sendAndWait } from './sendAndWait.js';

export interface LastFlushOptions {
  /** Of spans and log records; those that go out otherwise than by OTLP over HTTP have nothing to give. */
  readonly queues: readonly { lastWords?(): readonly LastRequest[] }[];
  readonly timeoutMs: number;
  readonly report: ReportLine;
}

/**
 * Gets the last spans and log records out without the event loop, holding the process for at most `timeoutMs`.
 *
 * Everything not yet with the operating system is sent by this, once, and what it had taken is not sent again: nothing
 * arrives twice. Metrics are not part of it: the SDK collects them asynchronously only.
 */
export function createLastFlush({ queues, timeoutMs, report }: LastFlushOptions): () => void {
  return () => {
    try {
      const requests = queues.flatMap((queue) => queue.lastWords?.() ?? []);
      if (requests.length === 0 || timeoutMs <= 0) return;
      const accepted = sendAndWait(requests, timeoutMs);
      if (accepted < requests.length)
        report(`${requests.length - accepted} of the last ${requests.length} telemetry requests were not delivered`);
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
