import { randomBytes } from 'node:crypto';

// A small sender of OTLP/JSON that knows exactly what it made: it proves the collector's configuration without any
// telemetry SDK between the ledger and the wire.

const text = (/** @type {string} */ stringValue) => ({ stringValue });
const attribute = (/** @type {string} */ key, /** @type {unknown} */ value) => ({ key, value });
const hex = (/** @type {number} */ bytes) => randomBytes(bytes).toString('hex');

/** @typedef {import('./ledger.mjs').Ledger} Ledger */

/** The event name of every log record, in the field that OTLP has for it. */
export const EVENT_NAME = 'verify.entry.stored';

/**
 * Sends `requests` requests of each signal, several records each, as `serviceName`, and returns what it made.
 * @param {string} endpoint  base URL of OTLP/HTTP
 * @param {{ serviceName: string, requests: number }} options
 * @returns {Promise<Ledger>} only what the collector accepted: a refusal throws
 */
export async function sendWorkload(endpoint, { serviceName, requests }) {
  const resource = { attributes: [attribute('service.name', text(serviceName)), attribute('service.instance.id', text(hex(8)))] };
  /** @type {{ spans: Record<string, string>[], metricPoints: Record<string, string>[], logRecords: Record<string, string>[] }} */
  const ledger = { spans: [], metricPoints: [], logRecords: [] };
  const startMs = Date.now();
  for (let index = 0; index < requests; index += 1) {
    const timeUnixNano = String(BigInt(startMs) * 1_000_000n + BigInt(index));
    const trace = spans(timeUnixNano);
    const metrics = metricsOfEveryKind(timeUnixNano, trace[0]);
    const logs = trace.map(({ traceId, spanId }) => ({
      timeUnixNano,
      severityNumber: 9,
      eventName: EVENT_NAME,
      traceId,
      spanId,
      body: text('entry stored'),
    }));
    await Promise.all([
      post(endpoint, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'verify' }, spans: trace }] }] }),
      post(endpoint, 'metrics', {
        resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'verify' }, metrics: metrics.map(({ metric }) => metric) }] }],
      }),
      post(endpoint, 'logs', { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'verify' }, logRecords: logs }] }] }),
    ]);
    ledger.spans.push(...trace.map(({ traceId, spanId, name }) => ({ serviceName, traceId, spanId, name })));
    ledger.metricPoints.push(...metrics.map(({ name, exemplar = {} }) => ({ serviceName, name, timeUnixNano, ...exemplar })));
    ledger.logRecords.push(...logs.map(({ traceId, spanId }) => ({ serviceName, timeUnixNano, traceId, spanId })));
  }
  return ledger;
}

/** @param {Ledger[]} ledgers */
export function together(ledgers) {
  const all = (/** @type {'spans' | 'metricPoints' | 'logRecords'} */ signal) =>
    ledgers.flatMap((ledger) => /** @type {any[]} */ (ledger[signal]));
  return { spans: all('spans'), metricPoints: all('metricPoints'), logRecords: all('logRecords') };
}

function spans(/** @type {string} */ startTimeUnixNano) {
  const traceId = hex(16);
  const root = hex(8);
  return Array.from({ length: 20 }, (_, index) => ({
    traceId,
    spanId: index === 0 ? root : hex(8),
    ...(index === 0 ? {} : { parentSpanId: root }),
    name: index === 0 ? 'tools/call update_context' : `INSERT ${index}`,
    kind: index === 0 ? 2 : 3,
    startTimeUnixNano,
    endTimeUnixNano: String(BigInt(startTimeUnixNano) + 1_000_000n),
  }));
}

/**
 * Returns one point of each kind, with exemplars where a kind can have them: those lead from a metric to a trace, and must
 * pass through.
 * @param {string} timeUnixNano
 * @param {{ traceId: string, spanId: string } | undefined} span
 * @returns {{ name: string, metric: object, exemplar?: { traceId?: string, spanId?: string } }[]}
 */
function metricsOfEveryKind(timeUnixNano, span) {
  const times = { startTimeUnixNano: timeUnixNano, timeUnixNano };
  const exemplar = { traceId: span?.traceId ?? '', spanId: span?.spanId ?? '' };
  const linked = { ...times, exemplars: [{ timeUnixNano, asDouble: 0.25, ...exemplar }] };
  const cumulative = 2;
  const points = [
    { name: 'verify.sum', sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints: [{ ...linked, asInt: '7' }] } },
    {
      name: 'verify.histogram',
      histogram: {
        aggregationTemporality: cumulative,
        dataPoints: [{ ...linked, count: '2', sum: 0.3, bucketCounts: ['1', '1'], explicitBounds: [0.1] }],
      },
    },
    {
      name: 'verify.exponential',
      exponentialHistogram: {
        aggregationTemporality: cumulative,
        dataPoints: [{ ...linked, count: '1', sum: 2, scale: 0, zeroCount: '0', positive: { offset: 0, bucketCounts: ['1'] } }],
      },
    },
  ];
  const gauge = { name: 'verify.gauge', gauge: { dataPoints: [{ ...times, asDouble: 0.5 }] } };
  return [{ name: gauge.name, metric: gauge }, ...points.map((metric) => ({ name: metric.name, metric, exemplar }))];
}

/**
 * @param {string} endpoint
 * @param {'traces' | 'metrics' | 'logs'} signal
 * @param {object} payload
 */
export async function post(endpoint, signal, payload) {
  const response = await fetch(`${endpoint}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (!response.ok || /"rejected\w+":"?[1-9]/.test(answer))
    throw new Error(`The collector answered ${signal} with ${response.status}: ${answer}`);
}
