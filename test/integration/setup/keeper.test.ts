import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryRoot } from '../../setup/unprivileged.js';

const loader = new URL('../../../tools/resolveSource.mjs', import.meta.url).href;
const script = (module: string, start: string): string => `
  import { ${start} } from ${JSON.stringify(fileURLToPath(new URL(`../../setup/${module}.ts`, import.meta.url)))};
  const server = await ${start}();
  process.stdout.write(server.pid + '\\n');
  setInterval(() => {}, 1000);
`;

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(temporaryRoot(), 'handoff-otel-keeper-test-'));
  chmodSync(temporary, 0o755); // the account that runs PostgreSQL when the tests run as root goes in here
});
afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Work folders of servers; the unpacked programs may be cached beside them. */
function workFolders(): string[] {
  return readdirSync(temporary).filter((name) => /^handoff-otel-(postgres|redis)-/.test(name));
}

test.each([
  ['throwawayPostgres', 'startThrowawayPostgres', 'SIGKILL'],
  ['throwawayRedis', 'startThrowawayRedis', 'SIGKILL'],
  ['throwawayRedis', 'startThrowawayRedis', 'SIGINT'],
] as const)('%s: server and data go when the process that called %s dies of %s', async (module, start, signal) => {
  const owner = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', script(module, start)], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const pid = Number(line);
  expect(alive(pid)).toBe(true);
  expect(workFolders()).toHaveLength(1);

  owner.kill(signal);
  await once(owner, 'exit');

  await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
  await expect.poll(workFolders, { timeout: 10_000 }).toEqual([]);
});
