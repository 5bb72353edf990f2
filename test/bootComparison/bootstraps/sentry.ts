import type { Bootstrap } from './bootstrap.js';

const INIT = `Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1, enableLogs: true, integrations: [Sentry.pinoIntegration(), Sentry.nodeRuntimeMetricsIntegration({ collectionIntervalMs: 1000 })] });`;
const SPANS = `const inSpan = (name, run) => Sentry.startSpan({ name }, run); const spanAlone = (name) => Sentry.startSpan({ name }, () => undefined);`;

export const sentry: Bootstrap = {
  title: 'Sentry',
  name: 'sentry',
  npm: '@sentry/node',
  licence: 'MIT',
  setUp:
    '`--import ./instrument.mjs` with `@sentry/node/import` before it, `Sentry.init()` with `tracesSampleRate: 1`, `enableLogs`, `pinoIntegration` and `nodeRuntimeMetricsIntegration`: [set-up](https://docs.sentry.io/platforms/javascript/guides/node/install/esm/). What it sends in its own protocol is read like OTLP',
  bundleSetUp: 'its rollup plugin, and `Sentry.init()` as the first import',
  files: { 'instrument.mjs': `import * as Sentry from '@sentry/node';\n${INIT}\n` },
  flags: ['--import', '@sentry/node/import', '--import', './instrument.mjs'],
  start: {
    module: `const Sentry = await import('@sentry/node'); ${INIT} const flush = () => Sentry.flush(2000);`,
    commonjs: `const Sentry = require('@sentry/node'); ${INIT} const flush = () => Sentry.flush(2000);`,
  },
  startInBundle: `const Sentry = await import('@sentry/node'); ${INIT} const flush = () => Sentry.flush(2000);`,
  bundlerPlugin: `(await import('@sentry/node/rollup')).sentryRollupPlugin()`,
  spans: {
    module: `const { startSpan } = await import('@sentry/node'); ${SPANS.replaceAll('Sentry.startSpan', 'startSpan')}`,
    commonjs: `const { startSpan } = require('@sentry/node'); ${SPANS.replaceAll('Sentry.startSpan', 'startSpan')}`,
  },
  flush: {
    module: `const { flush: flushSentry } = await import('@sentry/node'); const flush = () => flushSentry(2000);`,
    commonjs: `const { flush: flushSentry } = require('@sentry/node'); const flush = () => flushSentry(2000);`,
  },
  readsOtelVariables: false,
  env: ({ collector }) => ({ SENTRY_DSN: collector.replace('://', '://key@') + '/1' }),
  prometheusEnv: () => ({}),
};
