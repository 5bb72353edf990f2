import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../../instrumentedProcess.js';

const CALLS = `
  h.tracer.startActiveSpan('work', (span) => {
    console.log('logged %s', 'text', { a: 1 });
    console.info('informed');
    console.debug('debugged');
    console.dir({ b: 2 });
    console.table([{ c: 3 }]);
    console.group('group');
    console.log('inside');
    console.groupEnd();
    console.count('counter');
    console.time('timer');
    console.timeEnd('timer');
    console.warn('warned');
    console.error(new TypeError('the secret'));
    earlier('taken earlier');
    span.end();
  });`;
const START = 'const h = instrument({ stdio: true, consoleToStderr: true });';
const PROTOCOL = String.raw`process.stdout.write('{"jsonrpc":"2.0","method":"ping"}\n');`;
const AS_REQUIRED = "const { instrument } = require('./src/instrumentation/instrument.ts');";
const AS_MODULE = "import { instrument } from './src/instrumentation/instrument.ts';";

const stdoutLine = '{"jsonrpc":"2.0","method":"ping"}\n';
const env = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

describe('with consoleToStderr', () => {
  it.each([
    ['an ES module', { format: 'module', code: `${AS_MODULE} const earlier = console.log; ${START} ${CALLS} ${PROTOCOL}` }],
    ['CommonJS', { format: 'commonjs', code: `${AS_REQUIRED} const earlier = console.log; ${START} ${CALLS} ${PROTOCOL}` }],
  ] as const)('in %s nothing of the console reaches stdout, and calls become records of the active span', async (_what, program) => {
    await using receiver = await startOtlpReceiver();
    const { code, stdout, stderr } = await runProcess({ ...program, env: env(receiver.url) });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: stdoutLine });
    for (const line of [
      'logged text { a: 1 }',
      'informed',
      'debugged',
      '{ b: 2 }',
      '│ 0       │ 3 │',
      '  inside',
      'counter: 1',
      'taken earlier',
      'the secret',
    ])
      expect(stderr).toContain(line);
    const [span] = receiver.spans();
    const records = receiver.logRecords();
    expect(records.map(({ body, severityText }) => `${String(severityText)} ${(body as string).replace(/[\d.]+ms$/, '')}`)).toEqual([
      'info logged text { a: 1 }',
      'info informed',
      'debug debugged',
      'info { b: 2 }',
      'info [ { c: 3 } ]',
      'info group',
      'info inside',
      'info counter: 1',
      'info timer: ',
      'warn warned',
      'error TypeError',
    ]);
    for (const record of records) expect([record.traceId, record.spanId]).toEqual([span?.traceId, span?.spanId]);
    expect(JSON.stringify(records.map(({ body, attributes }) => [body, attributes]))).not.toContain('the secret');
  });

  it('in a worker thread that calls instrument() the console of that thread is guarded', async () => {
    await using receiver = await startOtlpReceiver();
    const inWorker = `
      const { instrument } = await import('./src/instrumentation/instrument.ts');
      const h = instrument({ stdio: true, consoleToStderr: true });
      console.log('from the thread');
      await h.shutdown();`;
    const code = `import { Worker } from 'node:worker_threads'; new Worker(${JSON.stringify(`(async () => {${inWorker}})()`)}, { eval: true });`;
    const { code: exitCode, stdout, stderr } = await runProcess({ code, env: env(receiver.url) });
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('from the thread');
    expect(receiver.logRecords().map(({ body }) => body)).toEqual(['from the thread']);
  });

  it('console exporters do not make records of what they print', async () => {
    const code = `${AS_MODULE} const h = instrument({ consoleToStderr: true });
      h.tracer.startSpan('work').end(); h.logger.emit({ body: 'b' }); console.log('once'); await h.shutdown();`;
    const {
      code: exitCode,
      stdout,
      stderr,
    } = await runProcess({ code, env: { OTEL_TRACES_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'none' } });
    expect(exitCode).toBe(0);
    // What they print while shutting down comes after the console was given back.
    expect((stdout + stderr).match(/ body: /g)).toHaveLength(2);
    expect((stdout + stderr).match(/ body: 'once'/g)).toHaveLength(1);
  });

  it('is undone by shutdown()', async () => {
    const code = `${AS_MODULE} const before = [console.log, console.count]; ${START} await h.shutdown();
      console.log('back', console.log === before[0] && console.count === before[1]);`;
    const { stdout } = await runProcess({
      code,
      env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    });
    expect(stdout).toBe('back true\n');
  });

  it('makes no records, but still guards, when logs are off', async () => {
    const { stdout, stderr } = await runProcess({
      code: `${AS_MODULE} ${START} console.log('x');`,
      env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    });
    expect([stdout, stderr]).toEqual(['', 'x\n']);
  });
});

it('without it the console is left alone', async () => {
  const { stdout } = await runProcess({
    code: `${AS_MODULE} instrument({ stdio: true }); console.log('x');`,
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
  });
  expect(stdout).toBe('x\n');
});
