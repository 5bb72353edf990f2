import type { Bootstrap } from './bootstrap.js';

export const edot: Bootstrap = {
  title: 'EDOT',
  name: 'edot',
  npm: '@elastic/opentelemetry-node',
  licence: 'Apache-2.0',
  setUp:
    '`node --import @elastic/opentelemetry-node`: [set-up](https://www.elastic.co/docs/reference/opentelemetry/edot-sdks/nodejs/setup), with `ELASTIC_OTEL_NODE_ENABLE_LOG_SENDING`; in a program `startNodeSDK()` of its `sdk` entry',
  bundleSetUp: 'nothing documented; the preload',
  files: {},
  flags: ['--import', '@elastic/opentelemetry-node'],
  start: {
    module: `const { startNodeSDK } = await import('@elastic/opentelemetry-node/sdk'); startNodeSDK();`,
    commonjs: `const { startNodeSDK } = require('@elastic/opentelemetry-node/sdk'); startNodeSDK();`,
  },
  env: () => ({ ELASTIC_OTEL_NODE_ENABLE_LOG_SENDING: 'true' }),
  prometheusEnv: ({ prometheusPort }) => ({
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(prometheusPort),
  }),
};
