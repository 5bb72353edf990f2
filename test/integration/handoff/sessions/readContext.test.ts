import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContextRequest, FullContext } from '../../../../src/handoff/sessions/readContext.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

const MIB = 1024 * 1024;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ maxPageBytes: 8 * MIB });
});
afterAll(() => fixture.dispose());

const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
const append = (
  sessionKey: string,
  content: string,
  metadata: Record<string, unknown> = {},
  contextType: 'message' | 'file' | 'tool_call' | 'system' = 'message',
) => fixture.sessions.append({ sessionKey, contextType, content, metadata });
const numbers = (page: FullContext | undefined): number[] => page?.contextHistory.map(({ sequenceNumber }) => sequenceNumber) ?? [];

async function page(request: Partial<ContextRequest> & { readonly sessionKey: string }): Promise<FullContext | undefined> {
  return fixture.sessions.context({ afterSequenceNumber: 0, limit: 1000, ...request });
}

/** All pages, as a client follows `nextAfter`. */
async function walk(request: Partial<ContextRequest> & { readonly sessionKey: string }): Promise<number[][]> {
  const pages: number[][] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const read = await page({ ...request, afterSequenceNumber: after });
    pages.push(numbers(read));
    after = read?.nextAfterSequenceNumber;
  }
  return pages;
}

describe('the pages of a session', () => {
  beforeAll(async () => {
    await register('paged');
    for (const type of ['message', 'file', 'message', 'tool_call', 'message', 'file'] as const) await append('paged', type, {}, type);
  });

  it.each([
    [1, [[1], [2], [3], [4], [5], [6], [7]]],
    [3, [[1, 2, 3], [4, 5, 6], [7]]],
    [6, [[1, 2, 3, 4, 5, 6], [7]]],
    [7, [[1, 2, 3, 4, 5, 6, 7]]],
    [1000, [[1, 2, 3, 4, 5, 6, 7]]],
  ])('of %d entries hold each entry once, and the last names no next', async (limit, expected) => {
    expect(await walk({ sessionKey: 'paged', limit })).toEqual(expected);
  });

  it('filtered by type are pages of those alone', async () => {
    expect(await walk({ sessionKey: 'paged', limit: 2, contextType: 'message' })).toEqual([[2, 4], [6]]);
    expect(await walk({ sessionKey: 'paged', limit: 3, contextType: 'message' })).toEqual([[2, 4, 6]]);
  });

  it('after the last entry are empty', async () => {
    expect(await walk({ sessionKey: 'paged', limit: 2 })).toHaveLength(4);
    expect(await page({ sessionKey: 'paged', afterSequenceNumber: 7 })).toMatchObject({ contextHistory: [] });
    expect(await page({ sessionKey: 'paged', afterSequenceNumber: 2_147_483_647 })).not.toHaveProperty('nextAfterSequenceNumber');
  });

  it('show the whole session and its summary on each', async () => {
    const second = await page({ sessionKey: 'paged', limit: 2, afterSequenceNumber: 2 });
    expect(second).toMatchObject({ session: { sessionKey: 'paged' }, summary: { messageCount: 3, fileCount: 2, toolCallCount: 1 } });
  });

  it('go on after an entry that was deleted in between', async () => {
    await register('holes');
    for (let n = 2; n <= 6; n += 1) await append('holes', `entry ${n}`);
    const first = await page({ sessionKey: 'holes', limit: 2 });
    expect(first?.nextAfterSequenceNumber).toBe(2);
    await fixture.sql(
      "DELETE FROM context_history h USING sessions s WHERE s.id = h.session_id AND session_key = 'holes' AND sequence_number IN (2, 3)",
    );
    expect(numbers(await page({ sessionKey: 'holes', limit: 2, afterSequenceNumber: 2 }))).toEqual([4, 5]);
  });
});

describe('a page of large entries', () => {
  it('ends before it is larger than 8 MiB, and the next begins where it ended', async () => {
    await register('large');
    for (let n = 2; n <= 6; n += 1) await append('large', 'x'.repeat(3 * MIB));
    expect(await walk({ sessionKey: 'large' })).toEqual([[1, 2, 3], [4, 5], [6]]);
    expect(await walk({ sessionKey: 'large', limit: 2 })).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(await walk({ sessionKey: 'large', contextType: 'message' })).toEqual([[2, 3], [4, 5], [6]]);
  });

  it('holds one entry however large it is', async () => {
    await register('huge');
    await append('huge', 'x'.repeat(9 * MIB));
    await append('huge', 'small');
    expect(await walk({ sessionKey: 'huge' })).toEqual([[1], [2], [3]]);
  });

  it('counts metadata too, and bytes instead of characters', async () => {
    await register('bulky');
    await append('bulky', 'x', { text: 'y'.repeat(5 * MIB) });
    await append('bulky', '€'.repeat(1.2 * MIB));
    expect(await walk({ sessionKey: 'bulky' })).toEqual([[1, 2], [3]]);
  });

  it('leaves what does not fit in the database', async () => {
    let received = 0;
    const client = await fixture.database.pool.connect();
    try {
      const { stream } = (client as unknown as { connection: { stream: NodeJS.EventEmitter } }).connection;
      stream.on('data', (data: Buffer) => (received += data.length));
    } finally {
      client.release();
    }
    await page({ sessionKey: 'large' });
    expect(received).toBeGreaterThan(6 * MIB);
    expect(received).toBeLessThan(8 * MIB);
  });
});

describe('a summary', () => {
  it('is made of the stored entries, in their order', async () => {
    const { session } = await register('summed');
    await append('summed', `${'a'.repeat(120)}`, { agent: 'builder', user: 'ann' });
    await append('summed', 'edit', { fileType: 'ts', user: 'bob' }, 'file');
    await append('summed', 'edit', { fileType: 'sql' }, 'file');
    await append('summed', 'run', { toolName: 'grep', agent: 'planner' }, 'tool_call');
    await append('summed', 'note', { action: 'checked' }, 'system');
    await append('summed', 'plain', {}, 'system');
    await append('summed', 'the end');
    await fixture.sql(
      "UPDATE context_history SET created_at = created_at + interval '10 minutes' WHERE session_id = $1 AND sequence_number = 8",
      [session.id],
    );
    const [last] = await fixture.sql<{ at: Date }>('SELECT max(created_at) AS at FROM context_history WHERE session_id = $1', [session.id]);
    expect(await fixture.sessions.summary('summed')).toEqual({
      sessionKey: 'summed',
      summary:
        "Session 'summed' initiated by planner. Total of 8 context entries over 10 minutes. Current status: active. Context includes: 2 messages, 2 files, 1 tool calls, 3 system events.",
      keyPoints: [
        'System: session_registered',
        'System: checked',
        '2 messages exchanged',
        `First message: ${'a'.repeat(100)}...`,
        'Last message: the end...',
        '2 file operations',
        'File types: sql, ts',
        '1 tool calls',
        'Tools used: grep',
      ],
      messageCount: 2,
      fileCount: 2,
      toolCallCount: 1,
      lastUpdated: last?.at,
      participants: ['planner', 'builder', 'user:ann', 'user:bob'],
    });
  });

  it('takes metadata of any shape', async () => {
    await register('shapes');
    await append('shapes', 'x', { agent: ['a', { b: 1 }], user: null, fileType: 7, toolName: { deep: true }, action: false }, 'system');
    expect(await fixture.sessions.summary('shapes')).toMatchObject({
      participants: ['planner', '["a", {"b": 1}]'],
      keyPoints: ['System: session_registered', 'System: false', 'File types: 7', 'Tools used: {"deep": true}'],
    });
  });

  it('of a session that is unknown is undefined, as its context is', async () => {
    expect(await fixture.sessions.summary('nobody')).toBeUndefined();
    expect(await page({ sessionKey: 'nobody' })).toBeUndefined();
  });
});

it('a read takes two statements, a summary one', async () => {
  fixture.sent.length = 0;
  await page({ sessionKey: 'paged' });
  await fixture.sessions.summary('paged');
  expect(fixture.sent).toEqual(['handoff_read_summary', 'handoff_list_entries', 'handoff_read_summary']);
});
