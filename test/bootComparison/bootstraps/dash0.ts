import type { Bootstrap } from './bootstrap.js';

export const dash0: Bootstrap = {
  title: 'Dash0',
  name: 'dash0',
  npm: '@dash0/opentelemetry',
  licence: 'Apache-2.0',
  setUp:
    '`node --import @dash0/opentelemetry` and the loader hook of OpenTelemetry, with `DASH0_OTEL_COLLECTOR_BASE_URL` and `DASH0_FLUSH_ON_SIGTERM_SIGINT`: [README](https://github.com/dash0hq/opentelemetry-js-distribution#readme); in a program the same module, loaded there. ioredis 5, its newest supported',
  bundleSetUp: 'nothing documented; the preload',
  files: { 'hook.mjs': `import { register } from 'node:module';\nregister('@opentelemetry/instrumentation/hook.mjs', import.meta.url);\n` },
  flags: ['--import', './hook.mjs', '--import', '@dash0/opentelemetry'],
  start: { module: `await import('@dash0/opentelemetry');`, commonjs: `require('@dash0/opentelemetry');` },
  env: ({ collector }) => ({ DASH0_OTEL_COLLECTOR_BASE_URL: collector, DASH0_FLUSH_ON_SIGTERM_SIGINT: 'true' }),
  prometheusEnv: ({ prometheusPort }) => ({
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(prometheusPort),
  }),
};
