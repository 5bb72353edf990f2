import type { Bootstrap } from './bootstrap.js';

const PARTS = {
  NodeSDK: 'sdk-node',
  PgInstrumentation: 'instrumentation-pg',
  IORedisInstrumentation: 'instrumentation-ioredis',
  PinoInstrumentation: 'instrumentation-pino',
  RuntimeNodeInstrumentation: 'instrumentation-runtime-node',
};
const START = `const sdk = new NodeSDK({ instrumentations: [new PgInstrumentation(), new IORedisInstrumentation(), new PinoInstrumentation(), new RuntimeNodeInstrumentation()] }); sdk.start();`;
const FLUSH = `const flush = () => sdk.shutdown();`;
const each = (line: (name: string, from: string) => string): string =>
  Object.entries(PARTS)
    .map(([name, from]) => line(name, `@opentelemetry/${from}`))
    .join(' ');

export const nodesdk: Bootstrap = {
  title: 'NodeSDK',
  name: 'nodesdk',
  npm: '@opentelemetry/sdk-node',
  licence: 'Apache-2.0',
  setUp:
    '`--import ./instrumentation.mjs` with the loader hook of OpenTelemetry and `new NodeSDK({ instrumentations })`: [set-up](https://opentelemetry.io/docs/languages/js/getting-started/nodejs/); pg, ioredis, pino and runtime-node instrumentations',
  bundleSetUp: 'nothing documented; the preload',
  files: {
    'instrumentation.mjs': `import { register } from 'node:module';\nregister('@opentelemetry/instrumentation/hook.mjs', import.meta.url);\n${each((name, from) => `const { ${name} } = await import('${from}');`)}\n${START}\n`,
  },
  flags: ['--import', './instrumentation.mjs'],
  start: {
    module: `${each((name, from) => `const { ${name} } = await import('${from}');`)} ${START} ${FLUSH}`,
    commonjs: `${each((name, from) => `const { ${name} } = require('${from}');`)} ${START} ${FLUSH}`,
  },
  env: () => ({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' }),
  prometheusEnv: ({ prometheusPort }) => ({
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(prometheusPort),
  }),
};
