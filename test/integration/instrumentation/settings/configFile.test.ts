import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { propagation, context, trace } from '@opentelemetry/api';
import { afterAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../instrumentedProcess.js';
import { sendOneOfEach, startWith } from './instrumented.js';

const folder = mkdtempSync(join(tmpdir(), 'handoff-file-'));
const path = join(folder, 'otel.yaml');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(yaml: string): string {
  writeFileSync(path, `file_format: "1.1"\n${yaml}`);
  return path;
}

const exporter = (url: string, signal: string): string => `{ otlp_http: { endpoint: "${url}/v1/${signal}" } }`;

describe('telemetry by a configuration file', () => {
  it('goes where the file says, to several receivers, and nowhere else', async () => {
    await using receiver = await startOtlpReceiver();
    await using second = await startOtlpReceiver();
    await using other = await startOtlpReceiver();
    const file = write(`
resource: { attributes: [{ name: service.name, value: from-file }] }
attribute_limits: { attribute_count_limit: 2, attribute_value_length_limit: 3 }
tracer_provider: { processors: [{ batch: { exporter: ${exporter(receiver.url, 'traces')} } }, { simple: { exporter: ${exporter(second.url, 'traces')} } }] }
logger_provider: { processors: [{ batch: { exporter: ${exporter(receiver.url, 'logs')} } }] }
meter_provider: { readers: [{ periodic: { exporter: ${exporter(receiver.url, 'metrics')}, cardinality_limits: { default: 4 } } }] }
`);
    const h = startWith(
      { OTEL_CONFIG_FILE: file, OTEL_EXPORTER_OTLP_ENDPOINT: other.url, OTEL_TRACES_SAMPLER: 'always_off', OTEL_SERVICE_NAME: 'from-env' },
      { serviceName: 'from-code' },
    );
    const counter = h.meter.createCounter('many');
    for (let index = 0; index < 10; index += 1) counter.add(1, { index });
    h.tracer.startSpan('limited', { attributes: { a: 'abcdef', b: 1, c: 2 } }).end();
    h.logger.emit({ body: 'b', attributes: { a: 'abcdef', b: 1, c: 2 } });
    await h.flush();
    const [span] = receiver.spans();
    expect([receiver.spans().length, second.spans().length, other.requests().traces.requests]).toEqual([1, 1, 0]);
    expect(span?.resource.attributes).toMatchObject({ 'service.name': 'from-file' });
    expect(Object.keys(span?.resource.attributes ?? {}).filter((key) => /^(?:process|host|os)\./.test(key))).toEqual([]);
    expect(span?.attributes).toEqual({ a: 'abc', b: 1 });
    expect(receiver.logRecords()[0]?.attributes).toEqual({ a: 'abc', b: 1 });
    expect(receiver.metricPoints().filter(({ metric }) => metric === 'many').length).toBeLessThanOrEqual(4);
    expect(h.status().signals).toMatchObject({
      serviceName: 'from-file',
      traces: { exporters: ['otlp'], counts: { made: 2, delivered: 2 } },
    });
    expect(h.status().notices).toEqual([
      'OTEL_CONFIG_FILE is in use, so these have no effect: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER.',
    ]);
    expect(process.env['OTEL_TRACES_SAMPLER']).toBe('always_off');
  });

  it('keeps the guard, at every receiver, and private facts out of the resource', async () => {
    await using receiver = await startOtlpReceiver();
    await using second = await startOtlpReceiver();
    const file = write(`
resource: { detection/development: { detectors: [{ process: }, { host: }] } }
tracer_provider: { processors: [{ simple: { exporter: ${exporter(receiver.url, 'traces')} } }, { simple: { exporter: ${exporter(second.url, 'traces')} } }] }
`);
    const h = startWith({ OTEL_CONFIG_FILE: file });
    const span = h.tracer.startSpan('SELECT', { attributes: { 'db.system.name': 'postgresql', 'db.query.text': "SELECT 'hunter2'" } });
    span.recordException(new Error('hunter2'));
    span.end();
    await h.flush();
    for (const each of [receiver, second]) {
      expect(inspect(each.spans(), { depth: null })).not.toContain('hunter2');
      const keys = Object.keys(each.spans()[0]?.resource.attributes ?? {});
      expect(keys).toContain('process.pid');
      expect(keys.filter((key) => /command|owner|executable/.test(key))).toEqual([]);
    }
  });

  it('bounds the labels of database metrics whatever a view makes of them', async () => {
    await using receiver = await startOtlpReceiver();
    const file = write(`
meter_provider:
  readers: [{ periodic: { exporter: ${exporter(receiver.url, 'metrics')} } }]
  views:
    - selector: { instrument_name: db.client.operation.duration }
      stream: { name: queries, aggregation: { explicit_bucket_histogram: { boundaries: [1, 2] } }, attribute_keys: { excluded: ["server.*"] } }
    - selector: { instrument_name: dropped }
      stream: { aggregation: { drop: } }
`);
    const h = startWith({ OTEL_CONFIG_FILE: file });
    h.meter
      .createHistogram('db.client.operation.duration')
      .record(1.5, { 'db.system.name': 'postgresql', 'db.operation.name': "select\n'hunter2'", 'server.address': 'h', x: 'hunter2' });
    h.meter.createCounter('dropped').add(1);
    await h.flush();
    const points = receiver.metricPoints().filter(({ metric }) => ['queries', 'dropped', 'db.client.operation.duration'].includes(metric));
    expect(points.map(({ metric, attributes }) => [metric, attributes])).toEqual([
      ['queries', { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' }],
    ]);
  });

  it('samples and passes on as the file says', async () => {
    await using receiver = await startOtlpReceiver();
    const h = startWith({
      OTEL_CONFIG_FILE: write(`
tracer_provider: { sampler: { always_off: }, processors: [{ simple: { exporter: ${exporter(receiver.url, 'traces')} } }] }
propagator: { composite: [{ b3: }] }
`),
    });
    const span = h.tracer.startSpan('s');
    const carrier: Record<string, string> = {};
    propagation.inject(trace.setSpan(context.active(), span), carrier);
    span.end();
    await sendOneOfEach(h);
    expect([Object.keys(carrier), receiver.requests().traces.requests]).toEqual([['b3'], 0]);
  });
});

describe('a program whose configuration file', () => {
  const code = `import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument({ stdio: true });
    h.tracer.startSpan('s').end();
    h.meter.createCounter('c').add(1);
    await h.flush();
    process.stderr.write('STATE=' + h.status().state);
    await h.shutdown();`;

  it.each([
    [
      'is missing',
      { OTEL_CONFIG_FILE: join(folder, 'none.yaml') },
      /cannot be used, and telemetry stays off: there is no such file\.\n[^]*STATE=failed/,
    ],
    [
      'prints, on stdio',
      { OTEL_CONFIG_FILE: 'console' },
      /tracer_provider\.processors\[0\]\.simple\.exporter\.console is refused[^]*STATE=active/,
    ],
  ])('%s runs on, with a line on stderr and none on stdout', async (_what, env, expected) => {
    const file =
      env.OTEL_CONFIG_FILE === 'console'
        ? write(
            'log_level: trace\ntracer_provider: { processors: [{ simple: { exporter: { console: } } }] }\nmeter_provider: { readers: [{ periodic: { exporter: { console: } } }] }\n',
          )
        : env.OTEL_CONFIG_FILE;
    const { code: exit, stdout, stderr } = await runProcess({ code, env: { OTEL_CONFIG_FILE: file } });
    expect([exit, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(expected);
  });
});
