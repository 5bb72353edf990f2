import { once } from 'node:events';
import { trace } from '@opentelemetry/api';
import pg from 'pg';
import { expect, it } from 'vitest';
import { databaseUrl } from '../../../../setup/services.js';
import { coveredPg, testPool } from './coveredPg.js';
import type { CoveredPg } from './coveredPg.js';

const CHANNEL = `subscriptions_${process.pid}`;

async function inRequest<T>({ recording }: CoveredPg, name: string, work: () => Promise<T>): Promise<T> {
  return await recording.tracer.startActiveSpan(name, { root: true }, async (span) => {
    try {
      return await work();
    } finally {
      span.end();
    }
  });
}

/** Queries, each with the name of its parent and of what it is linked to. */
function queries({ spans }: CoveredPg): unknown[] {
  const names = new Map(spans().map((span) => [span.spanContext().spanId, span.name]));
  return spans()
    .filter(({ attributes }) => attributes['db.system.name'] !== undefined)
    .map(({ attributes, parentSpanContext, links }) => [
      attributes['db.query.text'],
      names.get(parentSpanContext?.spanId ?? ''),
      links.map(({ context }) => names.get(context.spanId)),
    ]);
}

it('begins a trace of its own for a query in a notification handler, with a link to where the client was connected', async () => {
  await using covered = coveredPg();
  const listener = new pg.Client({ connectionString: databaseUrl() });
  await using pool = testPool();
  await inRequest(covered, 'connecting', async () => {
    await listener.connect();
    await listener.query(`LISTEN ${CHANNEL}`);
  });
  const handled = once(listener, 'notification').then(() => undefined);
  const active: unknown[] = [];
  const made: Promise<unknown>[] = [];
  listener.on('notification', () => {
    active.push(trace.getActiveSpan());
    made.push(pool.query('SELECT 1'));
  });
  await inRequest(covered, 'notifying', async () => void (await pool.query(`NOTIFY ${CHANNEL}`)));
  await handled;
  await Promise.all(made);
  await pool.query('SELECT 2');
  await listener.end();
  expect(active).toEqual([undefined]);
  expect(queries(covered)).toEqual(
    expect.arrayContaining([
      [`LISTEN ${CHANNEL}`, 'connecting', []],
      [`NOTIFY ${CHANNEL}`, 'notifying', []],
      ['SELECT ?', undefined, ['connecting']],
      ['SELECT ?', undefined, []],
    ]),
  );
});

it('keeps what a callback of connect() does with its caller, and so the first query of each connection of a pool', async () => {
  await using covered = coveredPg();
  const client = new pg.Client({ connectionString: databaseUrl() });
  await inRequest(covered, 'by callback', async () => {
    await new Promise<void>((resolve, reject) =>
      client.connect((error?: Error | null) => (error ? reject(error) : void client.query('SELECT 1').then(() => resolve(), reject))),
    );
  });
  await client.end();
  await using pool = testPool();
  pool.on('connect', (made) => void made.query("SET application_name = 'a'"));
  await inRequest(covered, 'by pool', async () => void (await pool.query('SELECT 1')));
  expect(queries(covered)).toEqual([
    ['SELECT ?', 'by callback', []],
    ['SET application_name = ?', 'by pool', []],
    ['SELECT ?', 'by pool', []],
  ]);
});

it('lets a loop that outlives its request go on outside of it, with a link; what follows the answer at once stays', async () => {
  await using covered = coveredPg();
  await using pool = testPool();
  const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: atFirst, resolve: firstIsDone } = Promise.withResolvers<void>();
  let loop: Promise<void> | undefined;
  await inRequest(covered, 'request', async () => {
    loop = (async () => {
      await pool.query('SELECT 1');
      firstIsDone();
      await later;
      await pool.query('SELECT 2 AS later');
    })();
    await Promise.resolve();
  });
  await atFirst;
  const [request] = covered.spans().filter(({ name }) => name === 'request');
  // As if the request had ended long ago: the span's end is all that counts.
  if (request !== undefined) (request as unknown as { endTime: [number, number] }).endTime = [Date.now() / 1000 - 60, 0];
  goOn();
  await loop;
  expect(queries(covered)).toEqual([
    ['SELECT ?', 'request', []],
    ['SELECT ? AS later', undefined, ['request']],
  ]);
});
