import { randomBytes } from 'node:crypto';
import { CANARIES, everySecret, list } from './scrubbing.mjs';
import { post } from './workload.mjs';

// A service that puts secrets into everything that OTLP has a text field for, names included, and that makes labels of them. Two kinds
// of field are left out: attributes of span links, which no processor can reach, and the ids, which are numbers.

/** What becomes labels of the metrics that the collector makes of spans. */
const labels = ['mcp.method.name', 'gen_ai.tool.name', 'handoff.operation.name', 'db.system.name', 'db.operation.name', 'error.type'];

export const HOSTILE_SCOPE_PREFIX = 'hostile';

/** @param {string} endpoint  base URL of OTLP/HTTP */
export async function sendHostile(endpoint) {
  const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  const text = `${HOSTILE_SCOPE_PREFIX} ${everySecret}`;
  const attributes = list(Object.fromEntries([...labels, 'server.address', 'leaked'].map((key) => [key, text])));
  const resource = { attributes: list({ 'service.name': text, 'service.version': text, 'user.email': 'canary-content', leaked: text }) };
  const scope = { name: text, version: text, attributes };
  const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
  const times = { startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano };

  // One span with an event and one without: what is done to spans must not depend on their events.
  const span = { ...ids, ...times, kind: 3, name: text, traceState: text, attributes, status: { code: 2, message: text } };
  const events = [{ timeUnixNano, name: text, attributes }];
  const spans = [span, { ...span, spanId: randomBytes(8).toString('hex'), events }];
  await post(endpoint, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] });

  // A point with an exemplar and one without, for the same reason.
  const point = { startTimeUnixNano: timeUnixNano, timeUnixNano, asInt: '1', attributes };
  const exemplars = [{ timeUnixNano, asInt: '1', ...ids, filteredAttributes: attributes }];
  const metric = { description: text, unit: everySecret };
  const metrics = [
    { ...metric, name: `gauge ${text}`, gauge: { dataPoints: [point] } },
    { ...metric, name: `sum ${text}`, sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...point, exemplars }] } },
  ];
  await post(endpoint, 'metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] });

  const record = { timeUnixNano, ...ids, eventName: text, severityText: text, body: { stringValue: text }, attributes };
  await post(endpoint, 'logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] });
}

/**
 * @param {string} output  everything that came out, as text
 * @param {string} where
 * @returns {string[]} what is wrong, one sentence per fault; empty when there is none
 */
export function findHostileFaults(output, where) {
  // Prometheus has no characters but these in names of metrics; what was a secret in one would be written like this.
  const asName = (/** @type {string} */ canary) => canary.replaceAll(/[^A-Za-z0-9]+/g, '_');
  const leaked = CANARIES.filter((canary) => output.includes(canary) || output.includes(asName(canary)));
  return [
    ...leaked.map((canary) => `"${canary}" is in ${where}, and should have been masked`),
    ...(output.includes(HOSTILE_SCOPE_PREFIX) ? [] : [`nothing of the hostile service is in ${where}, so that nothing was checked`]),
  ];
}
