import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { expectWithin } from '../setup/expectWithin.js';

/** What is promised, and what the way there and back may add. */
const BOUND_MS = 2000;
const SLACK_MS = 2000;
const DEADLINE_MS = 30_000;

/** The way to the database, which can be blocked: packets vanish, and no side hears of it. */
class Way {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #isBlocked = false;

  constructor(target: URL) {
    this.#server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (data) => this.#isBlocked || to.write(data));
        from.on('close', () => to.destroy());
        from.on('error', () => to.destroy());
      }
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  block(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
  }

  /** Ends what goes over it, and lets nothing new on it. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe('/readyz', () => {
  let database: FreshDatabase;
  let way: Way;
  let server: ServerProcess;
  let adminUrl: string;

  beforeAll(async () => {
    database = await freshDatabase();
    const url = new URL(database.url);
    way = new Way(new URL(database.url));
    url.port = String(await way.open());
    url.hostname = '127.0.0.1';
    server = startServer([], { DATABASE_URL: url.href, HANDOFF_HTTP_PORT: '0', HANDOFF_ADMIN_PORT: '0', OTEL_SDK_DISABLED: 'true' });
    adminUrl = String((await server.logged('handoff.http.listening'))['adminUrl']);
  });
  afterAll(async () => {
    await server.kill('SIGKILL');
    way.close();
    await database.drop();
  });

  const get = async (path: string): Promise<[number, string]> => {
    const answer = await fetch(`${adminUrl}${path}`);
    return [answer.status, await answer.text()];
  };

  async function until(path: string, expected: [number, string]): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const given = await get(path);
      if (performance.now() > deadline || JSON.stringify(given) === JSON.stringify(expected)) {
        expect(given).toEqual(expected);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('says yes while the database answers', async () => {
    expect(await get('/readyz')).toEqual([200, 'ready\n']);
  });

  it('says no within its bound when the database hangs, while the process lives, and yes when it is back', async () => {
    way.block(true);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const startMs = performance.now();
    expect(await get('/readyz')).toEqual([503, 'not ready: the database has not answered within 2000 ms\n']);
    expectWithin(performance.now() - startMs, BOUND_MS, SLACK_MS);
    expect(await get('/livez')).toEqual([200, 'ok\n']);
    way.block(false);
    await until('/readyz', [200, 'ready\n']);
  });

  it('says no when the database is gone', async () => {
    way.close();
    // A call waits for a connection for longer than this answer may take; what was known is given for a second more.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await get('/readyz')).toEqual([503, 'not ready: the database has not answered within 2000 ms\n']);
  });
});

it('says no of a database that takes no writes', async () => {
  const database = await freshDatabase();
  const url = new URL(database.url);
  const writing = startServer(['--stdio'], { DATABASE_URL: url.href, OTEL_SDK_DISABLED: 'true' });
  await writing.logged('handoff.storage.migrate');
  await writing.end();
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  const reading = startServer([], {
    DATABASE_URL: url.href,
    HANDOFF_MIGRATE_ON_START: 'false',
    HANDOFF_HTTP_PORT: '0',
    HANDOFF_ADMIN_PORT: '0',
    OTEL_SDK_DISABLED: 'true',
  });
  try {
    const { adminUrl } = await reading.logged('handoff.http.listening');
    const answer = await fetch(`${String(adminUrl)}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([503, 'not ready: the database does not accept writes\n']);
  } finally {
    await reading.kill('SIGKILL');
    await database.drop();
  }
});
