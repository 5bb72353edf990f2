import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidCursorError } from '../../../../src/errors/invalidCursorError.js';
import type { SessionQuery } from '../../../../src/handoff/sessions/listSessions.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
  // Ten groups of ten with the same time to the microsecond, so that most pages end within a tie.
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, agent_to, status, is_dormant, created_at)
     SELECT 'k' || n, 'from-' || n % 3, CASE WHEN n % 4 = 0 THEN 'from-' || n % 5 END,
       CASE WHEN n % 10 = 0 THEN 'completed' ELSE 'active' END, n % 7 = 0,
       timestamptz '2026-01-01 00:00:00.123456Z' + (n / 10) * interval '1 microsecond'
     FROM generate_series(0, 99) AS n`,
  );
});
afterAll(() => fixture.dispose());

async function walk(query: SessionQuery, between: (page: number) => Promise<unknown> = async () => undefined): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined, done = false; !done; ) {
    const page = await fixture.sessions.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.items.map(({ sessionKey }) => sessionKey));
    cursor = page.nextCursor;
    done = cursor === undefined;
    await between(pages.length);
  }
  return pages;
}

const expected = async (where: string): Promise<string[]> =>
  (await fixture.sql<{ session_key: string }>(`SELECT session_key FROM sessions WHERE ${where} ORDER BY created_at DESC, id DESC`)).map(
    ({ session_key }) => session_key,
  );

describe.each([1, 3, 10, 99, 100, 1000])('pages of %d', (limit) => {
  it.each([
    ['all', {}, 'true'],
    ['by status', { status: 'completed' }, "status = 'completed'"],
    ['dormant', { dormant: true }, 'is_dormant'],
    ['not dormant', { dormant: false }, 'NOT is_dormant'],
    ['of an agent, who opened or received them', { agent: 'from-1' }, "agent_from = 'from-1' OR agent_to = 'from-1'"],
    ['of an agent who only received', { agent: 'from-4' }, "agent_from = 'from-4' OR agent_to = 'from-4'"],
    [
      'by everything',
      { agent: 'from-0', status: 'active', dormant: false },
      "(agent_from = 'from-0' OR agent_to = 'from-0') AND status = 'active' AND NOT is_dormant",
    ],
    ['of nobody', { agent: 'nobody' }, 'false'],
  ] as const)('hold the sessions (%s) newest first, each once, through ties', async (_what, query, where) => {
    const keys = await expected(where);
    const pages = await walk({ ...query, limit });
    expect(pages.flat()).toEqual(keys);
    expect(pages).toHaveLength(Math.max(1, Math.ceil(keys.length / limit)));
  });
});

it('sessions deleted or added in between neither repeat nor hide others', async () => {
  const keys = await expected('true');
  const pages = await walk({ limit: 7 }, async (page) => {
    if (page !== 2) return;
    // The row the cursor stands on, one ahead of it, and one newer than all.
    await fixture.sql('DELETE FROM sessions WHERE session_key = ANY($1)', [[keys[13], keys[15]]]);
    await fixture.sessions.register({ sessionKey: 'late', agentFrom: 'a', metadata: {} });
  });
  expect(pages.flat()).toEqual(keys.filter((key) => key !== keys[15]));
});

it('a cursor of someone else is refused before anything is asked, and is no failure of the server', async () => {
  fixture.sent.length = 0;
  const records = fixture.log.length;
  for (const cursor of ['x', Buffer.from('2026-13-45 99:99:99+00|5f0c1b1e-0000-4000-8000-000000000001').toString('base64url')]) {
    await expect(fixture.sessions.list({ limit: 1, cursor })).rejects.toBeInstanceOf(InvalidCursorError);
  }
  expect(fixture.sent).toEqual([]);
  expect(fixture.log).toHaveLength(records);
});

it('a cursor with the largest time it can hold still asks the database something it can answer', async () => {
  const cursor = Buffer.from(`${'9'.repeat(16)}|5f0c1b1e-0000-4000-8000-000000000001`).toString('base64url');
  expect((await fixture.sessions.list({ limit: 1, cursor })).items).toHaveLength(1);
});

describe('sessions with large metadata', () => {
  const KIB = 1024;
  let large: HandoffFixture;
  beforeAll(async () => {
    large = await handoffFixture({ maxPageBytes: 512 * KIB, poolSize: 1 });
    const insert = (prefix: string, sessions: number, metadata: string) =>
      large.sql(
        `INSERT INTO sessions (session_key, agent_from, metadata) SELECT '${prefix}' || n, 'planner', ${metadata} FROM generate_series(1, ${sessions}) AS n`,
      );
    await insert('l', 500, `jsonb_build_object('text', repeat('x', ${64 * KIB - 100}))`);
    // Printed by PostgreSQL this is fifty times as long as a caller wrote it.
    await insert('n', 3, `jsonb_build_object('numbers', array_fill('1e300'::numeric, array[${10 * KIB}]))`);
  });
  afterAll(() => large.dispose());

  it('come in pages of so many as fit, each once, however many are asked for', async () => {
    const keys: string[] = [];
    let largestPage = 0;
    for (let cursor: string | undefined, done = false; !done; ) {
      const page = await large.sessions.list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      largestPage = Math.max(largestPage, page.items.length);
      for (const { sessionKey, metadata, cut } of page.items) {
        keys.push(sessionKey);
        expect([Object.keys(metadata), cut]).toEqual(
          sessionKey.startsWith('n') ? [[], { metadata: { nextOffset: 0 } }] : [['text'], undefined],
        );
      }
      cursor = page.nextCursor;
      done = cursor === undefined;
    }
    expect(new Set(keys).size).toBe(503);
    expect(keys).toHaveLength(503);
    expect(largestPage).toBe(8);
  });

  it('leave the database only as far as they are shown', async () => {
    let received = 0;
    const client = await large.database.pool.connect();
    const { stream } = (client as unknown as { connection: { stream: NodeJS.EventEmitter } }).connection;
    stream.on('data', (data: Buffer) => (received += data.length));
    client.release();
    await large.sessions.list({ limit: 1000 });
    await large.sessions.list({ limit: 1000, agent: 'planner' });
    await large.sessions.summary('n1');
    await large.sessions.context({ sessionKey: 'n1', afterSequenceNumber: 0, limit: 1 });
    expect(received).toBeLessThan(2 * 512 * KIB + 32 * KIB);
  });
});

it('a listing takes one statement', async () => {
  fixture.sent.length = 0;
  await fixture.sessions.list({ limit: 5 });
  await fixture.sessions.list({ limit: 5, agent: 'from-1' });
  expect(fixture.sent).toEqual(['handoff_list_sessions', 'handoff_list_agent_sessions']);
});
