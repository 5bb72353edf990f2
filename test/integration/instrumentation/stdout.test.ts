import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../src/testing/otlpReceiver.js';
import { runProcess } from './instrumentedProcess.js';

/** Provokes everything that could print: export failures, a taken port, ended spans used again, a second start. */
const CODE = `
  import { createServer } from 'node:http';
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_PROMETHEUS_PORT = String(taken.address().port);
  const { instrument } = await import('./src/instrumentation/instrument.ts');
  const h = instrument({ stdio: true });
  instrument({ stdio: false });
  const span = h.tracer.startSpan('s');
  span.end();
  span.end();
  span.setAttribute('a', 1);
  h.logger.emit({ body: 'b' });
  await h.flush();
  await h.shutdown();
  await h.shutdown();
  h.tracer.startSpan('after').end();
  taken.close();`;

it.each([
  ['nothing set', {}],
  ['OTEL_LOG_LEVEL=all', { OTEL_LOG_LEVEL: 'all' }],
  [
    'console exporters',
    { OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'console', OTEL_LOG_LEVEL: 'debug' },
  ],
  ['exporters none', { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_LOG_LEVEL: 'info' }],
  [
    'unknown values',
    {
      OTEL_TRACES_EXPORTER: 'what',
      OTEL_TRACES_SAMPLER: 'what',
      OTEL_PROPAGATORS: 'what',
      OTEL_NODE_RESOURCE_DETECTORS: 'what',
      OTEL_LOG_LEVEL: 'what',
    },
  ],
  ['disabled', { OTEL_SDK_DISABLED: 'true', OTEL_LOG_LEVEL: 'debug' }],
])('stdout stays empty with %s', async (_what, env) => {
  await using receiver = await startOtlpReceiver({ respond: { refuseStatus: 400 } });
  const { code, stdout, stderr } = await runProcess({ code: CODE, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env } });
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
});

it('says on stderr that console exporters are refused', async () => {
  const { stderr } = await runProcess({ code: CODE, env: { OTEL_TRACES_EXPORTER: 'console' } });
  expect(stderr).toMatch(/handoff-otel: OTEL_TRACES_EXPORTER: console is refused/);
});

it('leaves the environment as it was', async () => {
  const code = `import { instrument } from './src/instrumentation/instrument.ts'; const h = instrument({ stdio: true }); process.stderr.write('LEVEL=' + process.env.OTEL_LOG_LEVEL); await h.shutdown();`;
  const { stderr } = await runProcess({ code, env: { OTEL_LOG_LEVEL: 'none', OTEL_TRACES_EXPORTER: 'none' } });
  expect(stderr).toContain('LEVEL=none');
});
