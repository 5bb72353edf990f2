import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { serverEnv } from '../setup/serverProcess.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

it('a start that fails ends the process, although Redis is being reconnected to', () => {
  const env = serverEnv({
    DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d',
    REDIS_URL: 'redis://127.0.0.1:1',
    HANDOFF_PG_CONNECT_TIMEOUT_MS: '500',
    OTEL_SDK_DISABLED: 'true',
  });
  const { status, signal } = spawnSync(process.execPath, [cli, 'serve', '--stdio'], { env, timeout: 20_000, killSignal: 'SIGKILL' });
  expect({ status, signal }).toEqual({ status: 1, signal: null });
});
