import { randomUUID } from 'node:crypto';
import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { instrumentationOf } from './probeInstrumentation.js';
import { createLogger } from '../../../../logging/logger.js';
import { serverOperations } from '../../../../telemetry/catalogue/server.js';
import { createObserve } from '../../../../telemetry/observe.js';
import type { TelemetrySettings } from '../../../../instrumentation/settings/resolve.js';
import type { InstrumentationStatus } from '../../../../instrumentation/status/instrumentationStatus.js';
import type { SignalStatus } from '../../../../instrumentation/status/signalsStatus.js';
import type { Clock } from '../../../../time/clock.js';

export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What became of the span, of the metric point or of the log record. */
export interface SignalOutcome {
  readonly signal: Signal;
  /** URL without credentials; absent when the signal is sent nowhere. */
  readonly endpoint?: string;
  readonly protocol?: string;
  readonly isDelivered: boolean;
  /** An `error.type`, if it was not, or not wholly. */
  readonly failure?: string;
  /** What the receiver said about what it rejected. */
  readonly receiverSays?: string;
}

export interface ProbeOutcome {
  /** `active`, unless telemetry could not be started, or another SDK was there first. */
  readonly state: InstrumentationStatus['state'];
  readonly outcomes: readonly SignalOutcome[];
  readonly traceId: string;
  /** `service.instance.id` of what was sent, by which it is told from what others send. */
  readonly instanceId: string;
  readonly sentAtMs: number;
}

const nowhere = { write: () => undefined, flush: () => undefined, flushSync: () => undefined };
const MAX_SHOWN_CHARACTERS = 200;

/**
 * Sends a span, a metric point and a log record by the pipeline of a server with these settings, and waits until each was answered or given
 * up on. Only the sampling differs: what is sent to be found must not be left out by chance.
 */
export async function sendProbe(settings: TelemetrySettings, clock: Clock): Promise<ProbeOutcome> {
  const instanceId = randomUUID();
  const telemetry = instrumentationOf(settings, instanceId);
  const remarks = keepRemarks();
  try {
    const sentAtMs = clock.nowMs();
    let traceId = '';
    const observe = createObserve({ tracer: telemetry.tracer, meter: telemetry.meter, log: createLogger({ destination: nowhere }), clock });
    await observe(serverOperations.doctorProbe.name, {}, async () => {
      traceId = trace.getActiveSpan()?.spanContext().traceId ?? '';
    });
    await telemetry.flush();
    const { state, signals } = telemetry.status();
    return { state, outcomes: SIGNALS.map((signal) => outcomeOf(signal, signals?.[signal], remarks)), traceId, instanceId, sentAtMs };
  } finally {
    await telemetry.shutdown();
    diag.disable();
  }
}

function outcomeOf(
  signal: Signal,
  status: (Omit<SignalStatus<{ readonly delivered: number }>, 'counts'> & { readonly counts?: { readonly delivered: number } }) | undefined,
  remarks: ReadonlyMap<string, string>,
): SignalOutcome {
  const { endpoint, protocol, counts, failures = {} } = status ?? {};
  const [failure] = Object.keys(failures);
  const receiverSays = remarks.get(signal);
  return {
    signal,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(protocol === undefined ? {} : { protocol }),
    isDelivered: (counts?.delivered ?? 0) > 0 && failure === undefined,
    ...(failure === undefined ? {} : { failure }),
    ...(receiverSays === undefined ? {} : { receiverSays }),
  };
}

/** Keeps OpenTelemetry's own messages from the terminal, and of them what a receiver said about what it rejected. */
function keepRemarks(): ReadonlyMap<string, string> {
  const remarks = new Map<string, string>();
  const ignore = (): void => undefined;
  const error = (message: string, ...[detail]: readonly unknown[]): void => {
    const signal = SIGNALS.find((each) => message.startsWith(`${each}: the receiver rejected`));
    if (signal !== undefined && typeof detail === 'string' && detail !== '') remarks.set(signal, detail.slice(0, MAX_SHOWN_CHARACTERS));
  };
  diag.setLogger(
    { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
  return remarks;
}
