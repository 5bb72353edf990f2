import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExport, readRaw } from './exported.mjs';
import { post } from './workload.mjs';

/** Each is put in every place where text can travel; none may appear in the output. */
const secrets = {
  urlUserInfo: 'postgres://handoff:canary-pw-51c@db.internal:5432/handoff',
  email: 'canary.person+51c@example.org',
  bearer: 'Bearer canary51c.canary51c.canary51c',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnk1MWMifQ.canary51c_signature',
  providerKey: 'sk-canary-51cABCDEFGHIJKLMNOPQRST',
  card: '4111 1111 1111 1111',
  hostingToken: `ghp_${'51cHOST'.repeat(6)}`,
  chatToken: 'xoxb-51cchat-51cchat',
  cloudKey: 'AKIA51CCLOUD51CCLOUD',
  privateKey: '-----BEGIN PRIVATE KEY-----\ncanary51c\n-----END PRIVATE KEY-----',
};
/** All of them in one text. */
export const everySecret = Object.values(secrets).join(' and ');

/** What must not be found: the revealing part of each secret. */
export const CANARIES = [
  'canary-pw-51c',
  'canary.person',
  'canary51c',
  '51cABCDEFGHIJKLMNOPQRST',
  '1111 1111',
  '51cHOST',
  '51cchat',
  '51CCLOUD',
  'canary-content',
];

/** Content that our processes send when asked to; the collector removes it anyway. */
const content = ['gen_ai.tool.call.arguments', 'gen_ai.tool.call.result'];
const contentFamily = 'gen_ai.prompt.variable.';

/** Masked or removed because of their name, whatever they contain. */
const namedSecrets = ['db.password', 'http_api_key', 'authorization', 'accessToken', 'user.email', ...content, `${contentFamily}topic`];

/** Returns the names our own processes use: every `ATTR_… = 'name'` of the one file that may contain them. */
function ownAttributeNames() {
  const source = readFileSync(join(import.meta.dirname, '..', '..', 'src', 'telemetry', 'semconv.ts'), 'utf8');
  const names = [...source.matchAll(/^export const ATTR_\w+ = '([^']+)';$/gm)].map(([, name]) => name ?? '');
  if (names.length === 0)
    throw new Error('src/telemetry/semconv.ts names no attribute: fix the pattern in otel-collector/verify/scrubbing.mjs.');
  return names;
}

/** Near misses: they look like secrets to a careless pattern. */
const innocent = {
  'gen_ai.usage.input_tokens': '17',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  span_id: '4111111111111111',
  'db.query.text': 'INSERT INTO context_history (session_id, content) VALUES ($1, $2)',
  'handoff.session.key': 'agent-a/2026-11-22/task-4111',
};

/** Returns every attribute that must arrive exactly as it was sent. */
function keptAttributes() {
  const kept = ownAttributeNames().filter((name) => !content.includes(name) && name !== contentFamily);
  return { ...Object.fromEntries(kept.map((name) => [name, 'kept'])), ...innocent };
}

const ownResource = {
  'service.name': 'verify-scrubbing',
  'service.namespace': 'handoff',
  'service.version': '0.1.0',
  'service.instance.id': '7d3f0f3e-7b7d-4a51-9a52-2f6f1d3f9f10',
  'deployment.environment.name': 'test',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'nodejs',
  'process.pid': '4111',
  'process.runtime.name': 'nodejs',
  'host.name': 'host-1.internal',
};

export const list = (/** @type {Record<string, string>} */ values) =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
const texts = (/** @type {string[]} */ values) => ({ arrayValue: { values: values.map((stringValue) => ({ stringValue })) } });

/** @param {string} endpoint */
export async function sendSecrets(endpoint) {
  const planted = [
    ...list(secrets),
    ...list(Object.fromEntries(namedSecrets.map((name) => [name, 'canary-content']))),
    { key: 'argv', value: texts(Object.values(secrets)) },
    { key: 'nested', value: { kvlistValue: { values: list(secrets) } } },
  ];
  const kept = list(keptAttributes());
  const attributes = [...kept, ...planted];
  const resource = {
    attributes: [
      ...list(ownResource),
      { key: 'process.command_args', value: texts(['--password', 'canary-content']) },
      ...list({ leaked: everySecret }),
    ],
  };
  const scope = { name: 'verify', attributes: list({ leaked: everySecret }) };
  const timeUnixNano = `${Date.now()}000000`;
  const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };

  const event = { timeUnixNano, name: 'exception', attributes: [...planted, ...list({ 'exception.message': everySecret })] };
  const span = {
    ...ids,
    name: 'scrub',
    startTimeUnixNano: timeUnixNano,
    endTimeUnixNano: timeUnixNano,
    attributes,
    events: [event],
    status: { code: 2, message: everySecret },
  };
  await post(endpoint, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] });

  const point = { startTimeUnixNano: timeUnixNano, timeUnixNano, asInt: '1', attributes };
  await post(endpoint, 'metrics', {
    resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [{ name: 'scrub', gauge: { dataPoints: [point] } }] }] }],
  });

  const stack = { key: 'exception.stacktrace', value: { stringValue: `Error: ${everySecret}\n    at append (storage.js:4:11)` } };
  const withoutStack = attributes.filter(({ key }) => key !== stack.key);
  const records = [
    { timeUnixNano, ...ids, body: { stringValue: `failed for ${everySecret}` }, attributes: [...withoutStack, stack] },
    {
      timeUnixNano,
      ...ids,
      body: { kvlistValue: { values: [...list(secrets), ...list({ password: 'canary-content' })] } },
      attributes: withoutStack,
    },
  ];
  await post(endpoint, 'logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: records }] }] });
}

/**
 * @param {string} dir  where config.file.yaml wrote
 * @returns {string[]} what is wrong, one sentence per fault; empty when there is none
 */
export function findScrubbingFaults(dir) {
  const raw = readRaw(dir);
  const { spans, metricPoints, logRecords } = readExport(dir);
  const faults = CANARIES.filter((canary) => raw.includes(canary)).map((canary) => `"${canary}" was written, and should have been masked`);

  const records = [...spans, ...metricPoints, ...logRecords];
  if (records.length !== 4) faults.push(`${records.length} records were written instead of 4`);
  for (const record of records) {
    const what = String(record.name ?? 'log record');
    faults.push(...lost(keptAttributes(), record, what));
    faults.push(...lost(ownResource, { attributes: record.resource, body: '' }, `resource of ${what}`));
  }
  if (!String(logRecords[0]?.body).includes('at append (storage.js:4:11)')) faults.push('the stack trace did not move into the log line');
  return faults;
}

/**
 * @param {Record<string, string>} expected
 * @param {{ attributes: Record<string, unknown>, body?: unknown }} record
 * @param {string} what
 */
function lost(expected, { attributes, body }, what) {
  return (
    Object.entries(expected)
      // In logs, the stack trace is part of the line.
      .filter(([key, value]) => attributes[key] !== value && !(key === 'exception.stacktrace' && body !== undefined))
      .map(([key, value]) => `${what}: ${key} is ${JSON.stringify(attributes[key])} instead of ${JSON.stringify(value)}`)
  );
}
