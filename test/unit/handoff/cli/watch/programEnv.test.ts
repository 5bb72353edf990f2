import { expect, it } from 'vitest';
import { programEnv } from '../../../../../src/handoff/cli/watch/programEnv.js';

const register = 'file:///app/node_modules/handoff-otel/dist/register.js';
const watched = { words: ['node', 'build/server.js'], register, endpoint: 'http://127.0.0.1:5000' } as const;

it('loads register first, keeps other options of Node, and sends every span to the receiver', () => {
  expect(programEnv({ NODE_OPTIONS: '--enable-source-maps', PATH: '/bin' }, watched)).toEqual({
    PATH: '/bin',
    NODE_OPTIONS: `--enable-source-maps --import=${register}`,
    BUN_OPTIONS: `--preload=${register}`,
    HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true',
    OTEL_SERVICE_NAME: 'server',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:5000',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
});

it('keeps other options of Bun, and tells it nothing that it could not read', () => {
  expect(programEnv({ BUN_OPTIONS: '--smol' }, watched)).toMatchObject({ BUN_OPTIONS: `--smol --preload=${register}` });
  expect(programEnv({}, { ...watched, register: 'file:///my%20app/register.js' })).not.toHaveProperty('BUN_OPTIONS');
});

it('drops what would send, sample or switch off spans otherwise', () => {
  const env = programEnv(
    {
      OTEL_SDK_DISABLED: 'true',
      OTEL_CONFIG_FILE: 'otel.yaml',
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://elsewhere.example',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    },
    watched,
  );
  expect(env).toEqual(programEnv({}, watched));
});

it("keeps the program's own name, attributes and propagators, and its choice of what happens at the end", () => {
  const own = {
    OTEL_SERVICE_NAME: 'dice',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_PROPAGATORS: 'b3',
    HANDOFF_FLUSH_ON_PROCESS_EXIT: 'false',
  };
  expect(programEnv(own, watched)).toMatchObject(own);
});

it.each([
  [['node', '--enable-source-maps', 'dist/main.mjs', '--port', '0'], 'main'],
  [['npx', '-y', '@modelcontextprotocol/server-everything'], 'server-everything'],
  [['npx', '@modelcontextprotocol/server-everything@2026.8.31'], 'server-everything'],
  [['npx', 'tsx', 'watch', 'src/server.ts'], 'server'],
  [['nodemon', 'server.js'], 'server'],
  [['npx', 'tsx'], 'tsx'],
  [['./server'], 'server'],
  [['deno', 'run', '-A', 'dice.ts'], 'dice'],
  [['run'], 'run'],
  [['make', 'run'], 'run'],
] as const)('names %j %s', (words, name) => {
  expect(programEnv({}, { ...watched, words })).toMatchObject({ OTEL_SERVICE_NAME: name });
});
