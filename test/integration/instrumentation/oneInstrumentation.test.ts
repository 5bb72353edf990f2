import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../src/testing/otlpReceiver.js';
import { databaseUrl } from '../../setup/services.js';
import { runProcess } from './instrumentedProcess.js';

describe('instrument() called again', () => {
  it('returns the same handle, from another copy of the package too, and starts afresh after shutdown', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const h = instrument();
      const { instrument: copy } = await import('./src/instrumentation/instrument.ts?copy');
      const same = instrument({ serviceName: 'ignored' }) === h && copy() === h;
      await h.shutdown();
      const fresh = copy({ serviceName: 'fresh' });
      fresh.tracer.startSpan('second life').end();
      process.stdout.write(JSON.stringify({ same, isNew: fresh !== h, states: [h.status().state, fresh.status().state], listeners: process.listenerCount('SIGTERM') }));`;
    const { stdout, stderr } = await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect(stdout, stderr).toBe(JSON.stringify({ same: true, isNew: true, states: ['shut down', 'active'], listeners: 1 }));
    expect(receiver.spans().map(({ name, resource }) => [name, resource.attributes['service.name']])).toEqual([['second life', 'fresh']]);
  });
});

describe('instrument() called while an earlier one is still sending its last', () => {
  it('starts afresh; the earlier one still delivers, by itself', async () => {
    await using receiver = await startOtlpReceiver({ respond: { slowMs: 300 } });
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const first = instrument({ serviceName: 'first' });
      first.tracer.startSpan('of the first').end();
      const stopping = first.shutdown();
      const second = instrument({ serviceName: 'second' });
      second.tracer.startSpan('of the second').end();
      const during = [first.status().state, second.status().state];
      await stopping;
      second.tracer.startSpan('still').end();
      process.stdout.write(JSON.stringify({ isNew: first !== second, during, after: [first.status().state, second.status().state] }));
      process.kill(process.pid, 'SIGTERM');
      setInterval(() => {}, 1000);`;
    const { stdout, stderr, signal } = await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect(JSON.parse(stdout), stderr).toEqual({ isNew: true, during: ['active', 'active'], after: ['shut down', 'active'] });
    expect(signal).toBe('SIGTERM');
    expect(new Map(receiver.spans().map(({ name, resource }) => [name, resource.attributes['service.name']]))).toEqual(
      new Map([
        ['of the first', 'first'],
        ['of the second', 'second'],
        ['still', 'second'],
      ]),
    );
    expect(receiver.spans()).toHaveLength(3);
  });
});

describe('a further call', () => {
  it('is explained once when it asks for something it cannot have, and is silent when it does not', async () => {
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      instrument({ serviceName: 's' });
      instrument();
      process.stderr.write('silent so far;');
      instrument({ serviceName: 'other' });
      instrument({ serviceName: 'another' });
      process.exit();`;
    const { stderr } = await runProcess({
      code,
      env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    });
    expect(stderr).toBe(
      'silent so far;handoff-otel: telemetry was started before this call of instrument(), by handoff-otel/register, handoff-otel watch or an earlier call: it is shared, and the options of this call have no effect.\n',
    );
  });

  it('of another version of the package shares what runs and says which', async () => {
    const code = `
      globalThis[Symbol.for('handoff-otel.instrumentation')] = Object.defineProperty({ instrumentServer() {} }, Symbol.for('handoff-otel.version'), { value: '0.0.1' });
      const { instrument } = await import('./src/instrumentation/instrument.ts');
      process.stdout.write(String(instrument() === globalThis[Symbol.for('handoff-otel.instrumentation')]));`;
    const { stdout, stderr } = await runProcess({ code });
    expect(stdout).toBe('true');
    expect(stderr).toMatch(/^handoff-otel: .*version 0\.0\.1 of this package, loaded before .*\n$/);
  });
});

describe('an SDK that cannot be started', () => {
  it('leaves the host without telemetry, not without a server', async () => {
    const code = `
      import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) { if (url.includes('/sdk-node/')) throw new Error('broken install'); return next(url, context); } });
      const { instrument } = await import('./src/instrumentation/instrument.ts');
      const h = instrument();
      h.tracer.startSpan('s').end();
      await h.shutdown();
      process.stdout.write('up');`;
    const { code: exit, stdout, stderr } = await runProcess({ code });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'up' });
    expect(stderr).toContain('handoff-otel: telemetry could not be started and stays off: broken install');
  });
});

describe('a start that fails half-way', () => {
  it('leaves no listener and no global behind', async () => {
    const code = `
      const seen = () => JSON.stringify([['SIGTERM', 'beforeExit', 'uncaughtExceptionMonitor'].map((event) => process.listenerCount(event)), Object.keys(globalThis[Symbol.for('opentelemetry.js.api.1')] ?? {}).filter((name) => name !== 'version')]);
      const { instrument } = await import('./src/instrumentation/instrument.ts');
      const before = seen();
      // Looked at when the SDK runs and the listeners are in place.
      Object.defineProperty(process, 'argv', { get() { throw new Error('no arguments'); } });
      const h = instrument();
      const patienceEndsMs = Date.now() + 5000;
      while (seen() !== before && Date.now() < patienceEndsMs) await new Promise((resolve) => setTimeout(resolve, 10));
      process.stdout.write(JSON.stringify({ state: h.status().state, clean: seen() === before ? true : [before, seen()], atExit: process.listenerCount('exit') }));`;
    const { stdout, stderr } = await runProcess({ code });
    // One listener writes lines that a slow reader of stderr left waiting.
    expect(JSON.parse(stdout), stderr).toEqual({ state: 'failed', clean: true, atExit: 1 });
    expect(stderr).toContain('stays off: no arguments');
  });
});

describe('a process in which another SDK runs already', () => {
  const program = (foreignInstrumentations: string): string => `
    import { createRequire } from 'node:module';
    const require = createRequire(process.cwd() + '/package.json');
    const { NodeSDK } = require('@opentelemetry/sdk-node');
    const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
    const sdk = new NodeSDK({ serviceName: 'foreign', instrumentations: [${foreignInstrumentations}] });
    sdk.start();
    const { default: pg } = await import('pg');
    const { instrument } = await import('./src/instrumentation/instrument.ts');
    const h = instrument({ serviceName: 'ours' });
    const pool = new pg.Pool({ connectionString: process.env.DB });
    await h.tracer.startActiveSpan('parent', async (span) => { await pool.query('SELECT 1'); span.end(); });
    await pool.end();
    const { state } = h.status();
    await h.shutdown();
    await sdk.shutdown();
    process.stdout.write(state);`;

  it.each([
    ['without pg instrumentation', ''],
    ['with pg instrumentation', 'new PgInstrumentation()'],
  ])('%s is joined: its spans and ours, each once', async (_what, instrumentations) => {
    await using receiver = await startOtlpReceiver();
    const { stdout, stderr } = await runProcess({
      code: program(instrumentations),
      env: { DB: databaseUrl(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect(stdout, stderr).toBe('joined');
    expect(stderr).toMatch(/^handoff-otel: another OpenTelemetry SDK is already registered; joining it/m);
    const queries = receiver
      .spans()
      .filter(({ attributes }) => attributes['db.system.name'] === 'postgresql' && attributes['db.query.text'] !== undefined);
    expect(queries).toHaveLength(1);
    expect(receiver.spans().filter(({ name }) => name === 'parent')).toHaveLength(1);
    expect(new Set(receiver.spans().map(({ resource }) => resource.attributes['service.name']))).toEqual(new Set(['foreign']));
  });

  it.each([
    ['traces', "trace.setGlobalTracerProvider({ getTracer: () => noop.getTracer('x') })", 'metrics and logs'],
    ['metrics', 'metrics.setGlobalMeterProvider({ getMeter: () => createNoopMeter() })', 'trace and logs'],
  ])('for %s only is joined, and the line says what has no home', async (_what, register, missing) => {
    const code = `
      import { ProxyTracerProvider, createNoopMeter, metrics, trace } from '@opentelemetry/api';
      const noop = new ProxyTracerProvider();
      ${register};
      const { instrument } = await import('./src/instrumentation/instrument.ts');
      const h = instrument();
      process.stdout.write(h.status().state);
      await h.shutdown();`;
    const { stdout, stderr } = await runProcess({ code });
    expect(stdout, stderr).toBe('joined');
    expect(stderr.split('\n').filter((line) => line.startsWith('handoff-otel: another'))).toHaveLength(1);
    expect(stderr).toContain(`It has registered nothing for ${missing}, so those go nowhere.`);
  });

  it('that starts after us is refused with one line, and we go on', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { createRequire } from 'node:module';
      import { instrument } from './src/instrumentation/instrument.ts';
      const h = instrument({ serviceName: 'ours' });
      const { NodeSDK } = createRequire(process.cwd() + '/package.json')('@opentelemetry/sdk-node');
      const sdk = new NodeSDK({ serviceName: 'late', traceExporter: undefined, instrumentations: [] });
      sdk.start();
      h.tracer.startSpan('mine').end();
      await sdk.shutdown();
      await h.shutdown();
      process.exit(0);`;
    const { stderr } = await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const lines = stderr.split('\n').filter((line) => /another OpenTelemetry SDK|duplicate registration/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^handoff-otel: error: another OpenTelemetry SDK was started after this one and was refused/),
    ]);
    expect(
      receiver
        .spans()
        .filter(({ name }) => name === 'mine')
        .map(({ resource }) => resource.attributes['service.name']),
    ).toEqual(['ours']);
  });
});
