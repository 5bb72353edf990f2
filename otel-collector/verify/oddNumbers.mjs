import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const entry = new URL('../../dist/index.js', import.meta.url);

/** Values that JSON has no numbers for, and whole numbers beyond 64 bits, wherever a host can put them. */
const program = `
import { ROOT_CONTEXT, TraceFlags, ValueType, trace } from ${JSON.stringify(import.meta.resolve('@opentelemetry/api'))};
import { instrument } from ${JSON.stringify(entry.href)};
const h = instrument({ serviceName: 'verify-numbers', prometheus: { enabled: false }, flushTimeoutMs: 30000 });
const odd = { nan: NaN, infinite: Infinity, minus: -Infinity, large: 1e21, edge: 2 ** 63, whole: 2 ** 53 + 2, list: [NaN, 1e21, 1] };
h.tracer.startSpan('odd', { attributes: odd }).addEvent('event', odd).end();
h.logger.emit({ body: odd, attributes: odd });
const sampled = trace.setSpanContext(ROOT_CONTEXT, { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED });
h.meter.createCounter('good').add(1, { nan: NaN, large: 1e21 }, sampled);
h.meter.createGauge('gauge.nan').record(NaN, {}, sampled);
h.meter.createGauge('gauge.infinite').record(-Infinity);
h.meter.createCounter('counter.large').add(1e21, {}, sampled);
h.meter.createGauge('whole.large', { valueType: ValueType.INT }).record(2 ** 63);
h.meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [1, Infinity] } }).record(1e300, {}, sampled);
await h.shutdown();
`;

/** The metric points by name, the same in each encoding. */
const expected = {
  good: 1,
  'gauge.nan': 'NaN',
  'gauge.infinite': '-Infinity',
  'counter.large': 1e21,
  'whole.large': 2 ** 63,
  histogram: 1e300,
};

/**
 * Runs our own exporter against the collector.
 * @param {string} endpoint
 * @param {string} protocol
 */
export async function sendOddNumbers(endpoint, protocol) {
  if (!existsSync(entry)) throw new Error('The package is not built: run `npm run build` first.');
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0 || complaints !== '')
    throw new Error(`The sender of odd numbers by ${protocol} ended with ${status} and printed: ${complaints}`);
}

/**
 * Returns what is wrong with the output; each encoding is sent once.
 * @param {import('./exported.mjs').Exported} exported
 * @param {number} times
 * @returns {string[]}
 */
export function findNumberFaults({ spans, metricPoints, logRecords }, times) {
  const faults = [];
  if (spans.length !== times) faults.push(`${spans.length} spans instead of ${times}`);
  if (logRecords.length !== times) faults.push(`${logRecords.length} log records instead of ${times}`);
  for (const [name, value] of Object.entries(expected)) {
    const points = metricPoints.filter((point) => point.name === name);
    const values = points.map((point) => point['asDouble'] ?? point['sum'] ?? Number(point['asInt']));
    if (values.length !== times || values.some((each) => each !== value))
      faults.push(`${name} is [${values.join(', ')}], not ${times} times ${value}`);
  }
  for (const { attributes } of [...spans, ...logRecords]) {
    const found = JSON.stringify([
      attributes['nan'],
      attributes['infinite'],
      attributes['minus'],
      attributes['large'],
      attributes['edge'],
      attributes['whole'],
      attributes['list'],
    ]);
    const right = JSON.stringify(['NaN', 'Infinity', '-Infinity', 1e21, 2 ** 63, String(2 ** 53 + 2), ['NaN', 1e21, '1']]);
    if (found !== right) faults.push(`attributes are ${found}, not ${right}`);
  }
  return faults;
}
