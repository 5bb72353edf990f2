import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseUrl } from '../../../setup/services.js';
import { openDatabase } from './openDatabase.js';

/** What PostgreSQL sends when a connection has become ready. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const FIELDS = ['SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command'];

/** What it sends to a connection that an administrator ends. */
function ended(): Buffer {
  const body = Buffer.from(`${FIELDS.map((field) => `${field}\0`).join('')}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** How many of the next connections are ended in the very packet that says that they are ready. */
let toEnd = 0;
let server: Server;
let url = '';
beforeAll(async () => {
  const target = new URL(databaseUrl());
  const { port, hostname } = target;
  server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => undefined).on('close', () => [near, far].forEach((each) => each.destroy()));
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk: Buffer) => {
      if (toEnd === 0 || !chunk.subarray(-READY.length).equals(READY)) return near.write(chunk);
      toEnd -= 1;
      return near.end(Buffer.concat([chunk, ended()]));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.port = String((server.address() as { port: number }).port);
  url = target.href;
});
afterAll(() => server.close());

it('survives a connection that is ended in the moment in which it is ready, and fails no call for it', async () => {
  const database = await openDatabase(url, { poolSize: 2 });
  try {
    toEnd = 2;
    const rows = await Promise.all([1, 2, 3].map((n) => database.query({ name: 'test_ended', text: 'SELECT $1::int AS n' }, [n])));
    expect(rows.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(toEnd).toBe(0);
  } finally {
    await database.close();
  }
});
