import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../setup/freePort.js';
import { root } from '../unit/deploy/composeFile.js';
import { haproxy } from './haproxy.js';

// The proxy of the profile ha with its own configuration, before stand-ins that say who they are and whether they are ready.

const DEADLINE_MS = 30_000;

class StandIn {
  readonly name: string;
  isReady = true;
  readonly #mcp: Server;
  readonly #admin: Server;

  constructor(name: string) {
    this.name = name;
    this.#mcp = createServer((_, response) => response.end(name));
    this.#admin = createServer((request, response) => {
      response.statusCode = request.url === '/readyz' && !this.isReady ? 503 : 200;
      response.end();
    });
  }

  async listen(): Promise<{ readonly mcp: number; readonly admin: number }> {
    await Promise.all([this.#mcp, this.#admin].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
    return { mcp: (this.#mcp.address() as AddressInfo).port, admin: (this.#admin.address() as AddressInfo).port };
  }

  close(): void {
    for (const server of [this.#mcp, this.#admin]) {
      server.close();
      server.closeAllConnections();
    }
  }
}

const first = new StandIn('handoff-1');
const second = new StandIn('handoff-2');
const work = mkdtempSync(join(tmpdir(), 'handoff-front-door-'));
let proxy: ChildProcess;
let url = '';
let health = '';

beforeAll(async () => {
  let text = readFileSync(join(root, 'deploy/compose/haproxy.cfg'), 'utf8').replace('check port 9464', 'check');
  for (const standIn of [first, second]) {
    const { mcp, admin } = await standIn.listen();
    text = text.replace(`${standIn.name} ${standIn.name}:3000`, `${standIn.name} 127.0.0.1:${mcp} port ${admin}`);
  }
  const [mcp, redis, admin] = [await freePort(), await freePort(), await freePort()];
  text = text
    .replace('bind :3000', `bind 127.0.0.1:${mcp}`)
    .replace('bind :6379', `bind 127.0.0.1:${redis}`)
    .replace('bind :8404', `bind 127.0.0.1:${admin}`);
  writeFileSync(join(work, 'haproxy.cfg'), text);
  url = `http://127.0.0.1:${mcp}/mcp`;
  health = `http://127.0.0.1:${admin}/healthz`;
  const { command, env } = await haproxy();
  proxy = spawn(command, ['-db', '-f', join(work, 'haproxy.cfg')], { env, stdio: 'ignore' });
});
afterAll(() => {
  proxy.kill('SIGKILL');
  first.close();
  second.close();
  rmSync(work, { recursive: true, force: true });
});

/** Who answers, on a connection of its own; undefined if nobody does. */
async function answer(): Promise<string | undefined> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { connection: 'close' } });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

/** Asks until the last ten answers came from exactly these. */
async function untilAnsweredBy(...names: readonly (string | undefined)[]): Promise<void> {
  const wanted = [...names].sort().join();
  const seen: (string | undefined)[] = [];
  for (const endMs = performance.now() + DEADLINE_MS; performance.now() < endMs; await wait(20)) {
    seen.push(await answer());
    const last = seen.slice(-10);
    if (last.length === 10 && [...new Set(last)].sort().join() === wanted) return;
  }
  throw new Error(`Not within ${DEADLINE_MS / 1000} s: answered by ${wanted}. The last: ${seen.slice(-10).join()}.`);
}

describe('the proxy of the profile ha', () => {
  it('is healthy, and gives each ready server its share', async () => {
    await untilAnsweredBy('handoff-1', 'handoff-2');
    expect((await fetch(health)).status).toBe(200);
  });

  it('leaves a server that is not ready alone, and comes back when it is', async () => {
    first.isReady = false;
    await untilAnsweredBy('handoff-2');
    first.isReady = true;
    await untilAnsweredBy('handoff-1', 'handoff-2');
  });

  it('gives no call to a server that ended, and says 503 when there is none', async () => {
    second.close();
    await untilAnsweredBy('handoff-1');
    first.isReady = false;
    await untilAnsweredBy(undefined);
    expect((await fetch(url, { method: 'POST' })).status).toBe(503);
  });
});
