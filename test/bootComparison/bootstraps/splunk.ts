import type { Bootstrap } from './bootstrap.js';

export const splunk: Bootstrap = {
  title: 'Splunk',
  name: 'splunk',
  npm: '@splunk/otel',
  licence: 'Apache-2.0',
  setUp:
    '`node -r @splunk/otel/instrument`, in ES modules `--import` and the loader hook of OpenTelemetry, with `SPLUNK_METRICS_ENABLED` and `SPLUNK_AUTOMATIC_LOG_COLLECTION`: [set-up](https://github.com/signalfx/splunk-otel-js#readme); in a program `start()`. ioredis 5, its newest supported',
  bundleSetUp: 'nothing documented; the preload',
  files: { 'hook.mjs': `import { register } from 'node:module';\nregister('@opentelemetry/instrumentation/hook.mjs', import.meta.url);\n` },
  flags: ['--import', './hook.mjs', '--import', '@splunk/otel/instrument.js'],
  start: {
    module: `const { start } = (await import('@splunk/otel')).default; start();`,
    commonjs: `const { start } = require('@splunk/otel'); start();`,
  },
  env: () => ({ SPLUNK_METRICS_ENABLED: 'true', SPLUNK_AUTOMATIC_LOG_COLLECTION: 'true' }),
  prometheusEnv: ({ prometheusPort }) => ({
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(prometheusPort),
  }),
};
