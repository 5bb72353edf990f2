import type { Bootstrap } from './bootstrap.js';

export const ours: Bootstrap = {
  title: 'ours',
  name: 'ours',
  npm: 'handoff-otel',
  licence: 'Apache-2.0',
  setUp:
    '`node --import handoff-otel/register`, or `instrument()` anywhere: `README.md`. `HANDOFF_FLUSH_ON_PROCESS_EXIT=true`, since that is opt-in',
  bundleSetUp: '`instrument({ modules: { pg, ioredis, pino } })`',
  files: {},
  flags: ['--import', 'handoff-otel/register'],
  start: {
    module: `const { instrument } = await import('handoff-otel'); const handle = instrument(); const flush = () => handle.flush();`,
    commonjs: `const { instrument } = require('handoff-otel'); const handle = instrument(); const flush = () => handle.flush();`,
  },
  startInBundle: `const { instrument } = await import('handoff-otel'); const handle = instrument({ modules: { pg, ioredis, pino } }); const flush = () => handle.flush();`,
  env: () => ({ HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true' }),
  stdioEnv: { HANDOFF_STDIO: 'true' },
  // It is on by default; a run chooses the port.
  prometheusEnv: ({ prometheusPort }) => ({ OTEL_EXPORTER_PROMETHEUS_PORT: String(prometheusPort) }),
  status: {
    module: `report('status', JSON.stringify((await import('handoff-otel')).instrument().status()));`,
    commonjs: `report('status', JSON.stringify(require('handoff-otel').instrument().status()));`,
  },
};
