import type { Check } from '../examination/check.js';
import { failure, fine, skipped, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { endpointAdvice } from '../probes/endpointAdvice.js';
import type { Signal, SignalOutcome } from '../probes/sendProbe.js';

const WHAT: Readonly<Record<Signal, string>> = { traces: 'span', metrics: 'metric point', logs: 'log record' };

export const deliveryCheck: Check = {
  name: 'telemetry.delivery',
  group: 'telemetry',
  looksWhether:
    'the receiver accepts a span, a metric point and a log record (`handoff.doctor.probe`), which are sent through the same pipeline as those of the server',
  limitMs: 90_000,
  run: async (examination) => {
    const sent = await examination.probe();
    if (sent === undefined) return [skipped('Nothing was sent, because telemetry is off.')];
    if (sent.state === 'joined')
      return [
        warning(
          'Another OpenTelemetry SDK runs in this process, which sends what the server makes.',
          'Look at that SDK: what it delivers cannot be seen from here.',
        ),
      ];
    if (sent.state !== 'active')
      return [
        failure(
          'Telemetry could not be started.',
          'Look at the line on stderr that begins with handoff-otel; the server starts without telemetry.',
        ),
      ];
    return Promise.all(sent.outcomes.map(findingOf));
  },
};

async function findingOf(outcome: SignalOutcome): Promise<Finding> {
  const { signal, endpoint, isDelivered, failure: why } = outcome;
  const what = WHAT[signal];
  if (endpoint === undefined) return skipped(`No ${what} was sent, because ${signal} are not sent by OTLP.`);
  if (isDelivered) return fine(`${endpoint} took the ${what}.`);
  if (why === 'rejected') return failure(`${endpoint} answered, and rejected the ${what}.`, await endpointAdvice(outcome));
  return failure(`The ${what} was not taken by ${endpoint} (${why ?? 'no answer in time'}).`, await endpointAdvice(outcome));
}
