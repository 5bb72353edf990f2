import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { ReceiverBehaviour } from '../../../../src/testing/receiverTypes.js';
import { runProcess } from '../instrumentedProcess.js';
import type { ProcessOptions } from '../instrumentedProcess.js';
import { expectWithin } from '../../../setup/expectWithin.js';

const FLUSH_TIMEOUT_MS = 1500;
/** On top of the bound: a loaded machine, and Node's own end. */
const SLACK_MS = 3000;
const RECORDS = 30;
/** With a bound that no healthy delivery meets, however loaded the machine. */
const env = (url: string, flushTimeoutMs = 20_000) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true',
  HANDOFF_FLUSH_TIMEOUT_MS: String(flushTimeoutMs),
});

/** Loggers made before and after `instrument()`, one with times and a level of its own. */
const LOGGING = `
  import { pino } from 'pino';
  import { instrument } from './src/instrumentation/instrument.ts';
  const before = pino({ level: 'trace', timestamp: pino.stdTimeFunctions.isoTime, customLevels: { notice: 35 } }, pino.destination(2));
  const h = instrument({ stdio: true, serviceName: 'logging', resourceAttributes: { 'deployment.environment.name': 'test' } });
  const after = pino(pino.destination(2)).child({ part: 'after' });
  h.tracer.startActiveSpan('work', (span) => {
    before.notice({ user: { id: 7 } }, 'noticed');
    after.error(new RangeError('the secret'));
    span.end();
  });
  for (let index = 0; index < ${RECORDS}; index += 1) after.info('line ' + index);
  h.logger.emit({ body: 'by the API' });
  process.stderr.write('READY');`;

type Ending = Pick<ProcessOptions, 'code' | 'onReady'>;
const wait = (): void => undefined;
const ENDINGS: readonly (readonly [how: string, ending: Ending, expected: object])[] = [
  ['its natural end', { code: LOGGING, onReady: wait }, { code: 0, signal: null }],
  ['process.exit() in the same turn', { code: `${LOGGING} process.exit(3);`, onReady: wait }, { code: 3, signal: null }],
  ['an error nobody catches', { code: `${LOGGING} throw new Error('fatal');`, onReady: wait }, { code: 1, signal: null }],
  [
    'SIGTERM',
    { code: `${LOGGING} setInterval(() => {}, 1000);`, onReady: (child) => child.kill('SIGTERM') },
    { code: null, signal: 'SIGTERM' },
  ],
  ['shutdown()', { code: `${LOGGING} await h.shutdown();`, onReady: wait }, { code: 0, signal: null }],
];

describe.each(ENDINGS)('records of pino, in a process that ends by %s', (_how, ending, expected) => {
  it('arrive, all and once, and stdout stays empty', async () => {
    await using receiver = await startOtlpReceiver();
    const outcome = await runProcess({ ...ending, env: env(receiver.url) });
    expect(outcome, outcome.stderr).toMatchObject({ ...expected, stdout: '' });
    const fromPino = receiver
      .logRecords()
      .map(({ body }) => body)
      .filter((body) => !['by the API', 'unhandled rejection'].includes(body as string));
    expect(fromPino).toEqual(['noticed', 'RangeError', ...Array.from({ length: RECORDS }, (_, index) => `line ${index}`)]);
    expect(JSON.stringify(receiver.logRecords().map(({ body, attributes }) => [body, attributes]))).not.toContain('the secret');
  });

  it.each<readonly [string, ReceiverBehaviour]>([
    ['hangs', 'hang'],
    ['answers 503', { refuseStatus: 503 }],
  ])('do not hold it up when the collector %s', async (_what, respond) => {
    await using receiver = await startOtlpReceiver({ respond });
    const outcome = await runProcess({ ...ending, env: env(receiver.url, FLUSH_TIMEOUT_MS) });
    expect(outcome).toMatchObject(expected);
    expectWithin(outcome.durationMs, FLUSH_TIMEOUT_MS, SLACK_MS);
  });
});

describe('records of pino', () => {
  it('have the resource, ids and scope of the span they were logged in', async () => {
    await using receiver = await startOtlpReceiver();
    await runProcess({ code: LOGGING, env: env(receiver.url) });
    const [span] = receiver.spans();
    const [noticed, failed] = receiver.logRecords().filter(({ traceId }) => traceId !== undefined);
    expect(noticed).toMatchObject({
      traceId: span?.traceId,
      spanId: span?.spanId,
      flags: 1,
      severityNumber: 13,
      severityText: 'notice',
      attributes: { user: { id: 7 } },
    });
    expect(failed).toMatchObject({
      traceId: span?.traceId,
      spanId: span?.spanId,
      severityNumber: 17,
      severityText: 'error',
      attributes: { part: 'after', 'exception.type': 'RangeError' },
    });
    expect(noticed?.resource).toEqual(span?.resource);
    expect(noticed?.scope).toEqual(span?.scope);
    expect(Math.abs(Number(noticed?.timeUnixNano) / 1e6 - Date.now())).toBeLessThan(60_000);
  });
});

describe('a host that ships its logs itself', () => {
  const own = (transport: string): string => `
    import { pino } from 'pino';
    import { once } from 'node:events';
    import { instrument } from './src/instrumentation/instrument.ts';
    const transport = pino.transport(${transport});
    const log = pino(transport);
    const h = instrument({ stdio: true });
    await once(transport, 'ready');
    h.tracer.startActiveSpan('work', (span) => {
      log.info('shipped');
      log.child({ a: 1 }).info('shipped by a child');
      span.end();
    });
    pino(pino.destination(2)).info('ours');
    process.stderr.write('NOTICES ' + JSON.stringify(h.status().notices) + '\\n');`;

  it.each([
    ['one target', "{ target: 'pino-opentelemetry-transport' }"],
    ['several targets', "{ targets: [{ target: 'pino-opentelemetry-transport' }, { target: 'pino/file', options: { destination: 2 } }] }"],
  ])('by %s gets no second record but trace fields and one notice', async (_what, transport) => {
    await using receiver = await startOtlpReceiver();
    const { stderr } = await runProcess({ code: own(transport), env: env(receiver.url) });
    const bodies = receiver
      .logRecords()
      .map(({ body }) => body)
      .toSorted();
    expect(bodies).toEqual(['ours', 'shipped', 'shipped by a child']);
    const [span] = receiver.spans();
    expect(receiver.logRecords().filter(({ traceId }) => traceId === span?.traceId)).toHaveLength(2);
    expect(stderr.match(/^handoff-otel: pino-opentelemetry-transport already sends/gm)).toHaveLength(1);
    expect(stderr).toMatch(/^NOTICES \["pino-opentelemetry-transport already sends/m);
  });

  it('by another transport is not taken for one', async () => {
    await using receiver = await startOtlpReceiver();
    await runProcess({
      code: own(
        "{ targets: [{ target: 'pino/file', options: { destination: 2 } }, { target: 'pino/file', options: { destination: 2 } }] }",
      ),
      env: env(receiver.url),
    });
    expect(receiver.logRecords()).toHaveLength(3);
  });
});
