import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort } from '../../setup/freePort.js';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { redisUrl } from '../../setup/services.js';
import { install } from './install.js';
import type { Installation } from './install.js';
import type { Surroundings } from './subject.js';

/** Understood by each of the servers that ask a service on the internet. */
const WEB_ANSWER = { success: true, resultObj: 'https://example.com/chart.png', results: [] };
const QUEUES = 'third-party-';

export interface World extends AsyncDisposable {
  /** What one run of one server gets. */
  surround(installation: Installation): Promise<Surroundings>;
}

/** Makes what the servers work on: a database with one table, a folder with one file, a web server, names for queues. */
export async function createWorld(): Promise<World> {
  const database = await freshDatabase();
  await seed(database.url);
  const folder = mkdtempSync(join(tmpdir(), 'handoff-otel-third-party-'));
  writeFileSync(join(folder, 'a.txt'), 'hello\n');
  const web = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(WEB_ANSWER)));
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const behind = [process.execPath, join((await install('fastmcp')).folder, 'host.cjs')];
  return {
    surround: async (installation) => ({
      installation,
      folder,
      databaseUrl: database.url,
      redisUrl: redisUrl(),
      port: await freePort(),
      webUrl: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
      runName: QUEUES + randomBytes(8).toString('hex'),
      behind,
    }),
    [Symbol.asyncDispose]: async () => {
      web.close();
      rmSync(folder, { recursive: true, force: true });
      await removeQueues();
      await database.drop();
    },
  };
}

async function seed(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("create table fruit (name text, colour text); insert into fruit values ('apple', 'red'), ('lime', 'green')");
  } finally {
    await client.end();
  }
}

/** The Redis server may be one that stays. */
async function removeQueues(): Promise<void> {
  const redis = new Redis(redisUrl());
  const keys = await redis.keys(`bull:${QUEUES}*`);
  if (keys.length > 0) await redis.del(...keys);
  await redis.quit();
}
