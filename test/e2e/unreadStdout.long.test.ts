import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { serverEnv } from '../setup/serverProcess.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SHUTDOWN_TIMEOUT_MS = 500;
/** The bound of running calls, the last second for what was written, and a loaded machine. */
const END_BOUND_MS = 15_000;
const DEADLINE_MS = 20_000;

let database: FreshDatabase;
const started: ChildProcess[] = [];

beforeAll(async () => {
  database = await freshDatabase();
});
afterEach(() => {
  // The whole group: what reads nothing in place of a client would wait on.
  for (const { pid } of started.splice(0)) if (pid !== undefined) endGroup(pid);
});
afterAll(async () => {
  await database.drop();
});

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Node gives a child a pair of sockets; clients in other languages, and shells, give a pipe. In both nobody reads the answers. */
const clients: readonly [string, string, readonly string[]][] = [
  ['sockets, as of Node', process.execPath, [cli, 'serve', '--stdio']],
  ['a pipe, as of a shell', 'sh', ['-c', '"$0" "$1" serve --stdio | sleep 120 2>/dev/null', process.execPath, cli]],
];

interface Served {
  readonly child: ChildProcess;
  readonly send: (message: object) => void;
  readonly logged: (event: string) => Promise<Record<string, unknown>>;
}

/** Whether a process that is not our own child ends within the bound. */
async function ends(pid: number): Promise<boolean> {
  const deadline = performance.now() + END_BOUND_MS;
  while (performance.now() < deadline) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function serve(command: string, args: readonly string[], key: string): Served {
  const env = serverEnv({
    DATABASE_URL: database.url,
    OTEL_SDK_DISABLED: 'true',
    HANDOFF_SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
  });
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  started.push(child);
  const records: Record<string, unknown>[] = [];
  createInterface({ input: child.stderr }).on(
    'line',
    (line) => line.startsWith('{') && records.push(JSON.parse(line) as Record<string, unknown>),
  );
  child.stdin.on('error', () => undefined);
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
  send({ id: 2, method: 'tools/call', params: { name: 'register_session', arguments: { sessionKey: key, agentFrom: 'a' } } });
  const logged = async (event: string): Promise<Record<string, unknown>> => {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const record = records.find((each) => each['event.name'] === event);
      if (record !== undefined) return record;
      if (performance.now() > deadline) throw new Error(`no log record ${event}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { child, send, logged };
}

describe.each(clients)('an answer nobody reads, over %s', (name, command, args) => {
  it.each(['SIGTERM', 'end of stdin'] as const)('does not keep the process after %s', async (ending) => {
    const key = `${name} ${ending}`;
    const { child, send, logged } = serve(command, args, key);
    const pid = Number((await logged('handoff.session.register'))['pid']);
    send({
      id: 3,
      method: 'tools/call',
      params: { name: 'update_context', arguments: { sessionKey: key, contextType: 'message', content: 'x'.repeat(1_000_000) } },
    });
    await logged('handoff.context.append');
    send({ id: 4, method: 'resources/read', params: { uri: `handoff://context/${encodeURIComponent(key)}` } });
    await logged('handoff.context.read');
    if (ending === 'SIGTERM') process.kill(pid, 'SIGTERM');
    else child.stdin?.end();
    expect(await ends(pid)).toBe(true);
  });
});

it('ends with exit code 1 on a message that is too large, and says how large and what the limit is', async () => {
  const env = serverEnv({
    DATABASE_URL: database.url,
    OTEL_SDK_DISABLED: 'true',
    HANDOFF_SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
  });
  const child = spawn(process.execPath, [cli, 'serve', '--stdio'], { env, stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  started.push(child);
  child.stdin.on('error', () => undefined);
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += String(text)));
  child.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${'x'.repeat(12 * 1024 * 1024)}`);
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(1);
  const [, received = '0', limit] =
    /handoff-otel serve: A message on stdin is too large: (\d+) bytes of it had arrived, and the limit is (\d+)\. .*HANDOFF_MAX_CONTENT_BYTES/.exec(
      stderr,
    ) ?? [];
  expect(limit).toBe('10485760');
  expect(Number(received)).toBeGreaterThan(10_485_760);
});
