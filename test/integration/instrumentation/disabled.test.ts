import { expect, it } from 'vitest';
import { runProcess } from './instrumentedProcess.js';

/** Records every file Node loads from here on, ES modules and CommonJS alike. */
const RECORD_LOADS = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });`;

it('OTEL_SDK_DISABLED loads no SDK, patches nothing, and every function still works', async () => {
  const code = `${RECORD_LOADS}
    const { instrument } = await import('./src/instrumentation/instrument.ts');
    const h = instrument({ serviceName: 's' });
    const span = h.tracer.startSpan('s');
    span.end();
    h.meter.createCounter('c').add(1);
    h.logger.emit({ body: 'b' });
    const server = {};
    const answer = {};
    h.metricsHandler({}, { writeHead(status) { answer.status = status; return this; }, end() {} });
    await h.flush();
    await h.shutdown();
    await h[Symbol.asyncDispose]();
    process.stdout.write(JSON.stringify({
      recording: span.isRecording(), same: h.instrumentServer(server) === server, again: instrument() === h, status: answer.status,
      state: h.status().state, listeners: process.listenerCount('SIGTERM') + process.listenerCount('beforeExit'),
      sdk: loaded.filter((url) => /@opentelemetry\\/(sdk-|exporter-|instrumentation|resources|otlp-)/.test(url)),
    }));`;
  const { code: exit, stdout, stderr } = await runProcess({ code, env: { OTEL_SDK_DISABLED: 'true' } });
  expect(exit, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    recording: false,
    same: true,
    again: false,
    status: 503,
    state: 'shut down',
    listeners: 0,
    sdk: [],
  });
});

it('importing the package loads no SDK either', async () => {
  const code = `${RECORD_LOADS}
    await import('./src/instrumentation/instrument.ts');
    process.stdout.write(JSON.stringify(loaded.filter((url) => /@opentelemetry\\/(sdk-|exporter-|instrumentation|resources|otlp-)/.test(url))));`;
  expect((await runProcess({ code })).stdout).toBe('[]');
});
