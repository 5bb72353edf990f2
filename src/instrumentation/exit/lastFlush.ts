import { errorMessage } from '../../errors/classify.js';
import type { ReportLine } from '../diagnostics/diagnostics.js';
import type { TelemetrySettings } from '../settings/resolve.js';
import type { LastRequest } from '../pipeline/otlp/lastRequest.js';
import { sendAndWait } from './sendAndWait.js';

export interface LastFlushOptions {
  /** The queues of spans and log records; those that are not sent by OTLP over HTTP contribute nothing. */
  readonly queues: readonly { lastRequests?(): readonly LastRequest[] }[];
  readonly timeoutMs: number;
  readonly report: ReportLine;
}

/**
 * Creates the function that sends the last spans and log records without the event loop, blocking the process for at most
 * `timeoutMs`.
 *
 * Everything not yet handed to the operating system is sent, once, and what was handed over is not sent again: nothing arrives
 * twice. Metrics are not included: the SDK collects them only asynchronously.
 */
export function createLastFlush({ queues, timeoutMs, report }: LastFlushOptions): () => void {
  return () => {
    try {
      const requests = queues.flatMap((queue) => queue.lastRequests?.() ?? []);
      if (requests.length === 0 || timeoutMs <= 0) return;
      const accepted = sendAndWait(requests, timeoutMs);
      if (accepted < requests.length)
        report(`${requests.length - accepted} of the last ${requests.length} telemetry requests were not delivered`);
    } catch (error) {
      report(`the last telemetry could not be sent: ${errorMessage(error)}`);
    }
  };
}

/** gRPC needs connections and calls that cannot be handed to a thread. Reports settings that ask for more than gRPC can do. */
export function explainProtocols({ flushOnProcessExit, traces, logs }: TelemetrySettings, report: ReportLine): void {
  const byGrpc = Object.entries({ traces, logs }).flatMap(([signal, { outlets }]) =>
    outlets.some(({ target }) => target.protocol === 'grpc') ? [signal] : [],
  );
  if (flushOnProcessExit && byGrpc.length > 0)
    report(`flushOnProcessExit does not cover ${byGrpc.join(' and ')}: they are sent by gRPC. http/protobuf is covered.`);
}
