import type { Bootstrap } from './bootstrap.js';

const INIT = `init({ service: 'app', sampling: 'development', logs: true, metrics: true, attributeRedactor: 'default', processHandlers: true, instrumentations: getNodeAutoInstrumentations() });`;

export const autotel: Bootstrap = {
  title: 'autotel',
  name: 'autotel',
  npm: 'autotel',
  licence: 'Apache-2.0',
  setUp:
    '`--import ./instrumentation.mjs` with `autotel/register` first, then `init()` and `getNodeAutoInstrumentations()`; all spans sampled, logs on, the redactor it has in production, `processHandlers`: [README](https://github.com/jagreehal/autotel#readme), "Auto-Instrumentation Setup Requirements"',
  bundleSetUp: 'nothing documented; the preload',
  files: {
    'instrumentation.mjs': `import 'autotel/register';\nimport { init } from 'autotel';\nimport { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';\n${INIT}\n`,
  },
  flags: ['--import', './instrumentation.mjs'],
  start: {
    module: `const { init, flush } = await import('autotel'); const { getNodeAutoInstrumentations } = await import('@opentelemetry/auto-instrumentations-node'); ${INIT}`,
    commonjs: `const { init, flush } = require('autotel'); const { getNodeAutoInstrumentations } = require('@opentelemetry/auto-instrumentations-node'); ${INIT}`,
  },
  env: () => ({}),
  prometheusEnv: ({ prometheusPort }) => ({
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(prometheusPort),
  }),
};
