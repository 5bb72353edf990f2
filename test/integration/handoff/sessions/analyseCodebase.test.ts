import type { Client } from '@modelcontextprotocol/client';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { call } from '../../../unit/handoff/server/fakeSessions.js';

/** What `analyze_codebase` leaves in the database (handoff contract 1.4; defects D10 and D16 of the earlier server). */

const root = mkdtempSync(join(tmpdir(), 'analyse-'));
const DEEP = `${Array.from({ length: 12 }, (_, index) => String(index).padStart(50, 'd')).join('/')}/é.ts`;
let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  writeFileSync(join(root, 'a.ts'), 'import x from "x";\n// c\nexport function f() {}\n');
  writeFileSync(join(root, 'b.py'), 'def g(): pass\n');
  mkdirSync(join(root, DEEP, '..'), { recursive: true });
  writeFileSync(join(root, DEEP), 'export const one = 1;\n');
  fixture = await handoffFixture({ codebase: { roots: [root] } });
  client = await fixture.connect();
});
afterAll(async () => {
  await fixture.dispose();
  rmSync(root, { recursive: true });
});

const register = (sessionKey: string): Promise<unknown> => call(client, 'register_session', { sessionKey, agentFrom: 'a' });
const analyse = (sessionKey: string, filePaths: readonly string[], more = {}): ReturnType<typeof call> =>
  call(client, 'analyze_codebase', { sessionKey, filePaths, ...more });
const rows = (table: string, key: string, order: string): Promise<Record<string, unknown>[]> =>
  fixture.sql(`SELECT t.* FROM ${table} t JOIN sessions s ON s.id = t.session_id WHERE session_key = $1 ORDER BY ${order}`, [key]);
const entries = (key: string): Promise<Record<string, unknown>[]> => rows('context_history', key, 'sequence_number');
const snapshots = (key: string): Promise<Record<string, unknown>[]> => rows('codebase_snapshots', key, 'file_path');

it('stores an entry of the call, an entry and a snapshot of each file, with two statements', async () => {
  await register('all');
  fixture.sent.length = 0;
  const { isError, body } = await analyse('all', ['a.ts', 'none.ts', 'b.py', '/etc/passwd'], { analysisType: 'full' });
  expect(isError).toBe(false);
  expect(fixture.sent).toEqual(['handoff_read_state', 'handoff_insert_analysis']);
  const summary = 'Analyzed 2 of 4 files: 4 lines; python 1, typescript 1.';
  const [, toolCall, first, second, ...others] = await entries('all');
  expect(others).toEqual([]);
  expect(toolCall).toMatchObject({
    sequence_number: 2,
    context_type: 'tool_call',
    content: 'Codebase analysis completed: 2 files analyzed',
    content_size_bytes: 45,
    metadata: { action: 'codebase_analysis', analysisType: 'full', totalFiles: 4, successfulFiles: 2, errors: 2, summary },
  });
  expect([first, second]).toMatchObject([
    {
      sequence_number: 3,
      context_type: 'file',
      content: 'a.ts: typescript, 3 lines (2 code, 1 comment, 0 blank), 1 function, 0 classes, 1 import, 1 dependency, complexity 1',
      metadata: { action: 'codebase_analysis', filePath: 'a.ts', fileType: 'typescript', analysis: { functions: ['f'] } },
    },
    { sequence_number: 4, context_type: 'file', metadata: { filePath: 'b.py', fileType: 'python' } },
  ]);
  const report = body['report'] as { results: { contentHash: string; analysis: object }[] };
  expect(await snapshots('all')).toMatchObject(
    report.results.map(({ contentHash, analysis }, index) => ({
      file_path: ['a.ts', 'b.py'][index],
      content_hash: contentHash,
      // The text of the files stays where it is.
      content: null,
      analysis_result: analysis,
    })),
  );
  expect(report).toMatchObject({ sessionKey: 'all', totalFiles: 4, summary });
  expect(body['errors']).toEqual([
    'none.ts: The file does not exist.',
    '/etc/passwd: The file is not under a folder that this server may read (HANDOFF_CODEBASE_ROOTS).',
  ]);
});

it('counts a path that is given twice once', async () => {
  await register('twice');
  const { body } = await analyse('twice', ['a.ts', 'a.ts', './a.ts']);
  expect(body).toMatchObject({
    report: { totalFiles: 2, results: [{ filePath: 'a.ts' }], summary: 'Analyzed 1 of 2 files: 3 lines; typescript 1.' },
    errors: ['./a.ts: The path leads to the same file as one before it.'],
  });
});

it('adds nothing for a caller that has gone, which is no failure of the server', async () => {
  await register('gone');
  const request = { sessionKey: 'gone', filePaths: ['a.ts'], analysisType: 'full', signal: AbortSignal.abort() } as const;
  await expect(fixture.sessions.analyse(request)).rejects.toMatchObject({ code: 'HANDOFF_CALL_CANCELLED' });
  expect(await entries('gone')).toHaveLength(1);
  expect(fixture.log.at(-1)).toMatchObject(['warn', { 'event.name': 'handoff.codebase.analyze', 'error.type': 'cancelled' }]);
});

it('counts as activity and wakes a dormant session', async () => {
  await register('dormant');
  await fixture.sql("UPDATE sessions SET is_dormant = true, last_activity_at = now() - interval '3 h' WHERE session_key = 'dormant'");
  await analyse('dormant', ['a.ts']);
  const [session] = await fixture.sql<Record<string, unknown>>(
    "SELECT is_dormant, last_sequence_number, now() - last_activity_at < interval '1 min' AS fresh FROM sessions WHERE session_key = 'dormant'",
  );
  expect(session).toEqual({ is_dormant: false, last_sequence_number: 3, fresh: true });
  const woken = (await rows('session_lifecycle', 'dormant', 'created_at')).filter(({ event_type }) => event_type === 'reactivated');
  expect(woken).toMatchObject([{ event_data: { cause: 'codebase_analyzed' } }]);
});

it('numbers entries without gaps beside other writers', async () => {
  await register('busy');
  const update = { sessionKey: 'busy', contextType: 'message', content: 'x' };
  const calls = Array.from({ length: 12 }, (_, index) =>
    index % 2 === 0 ? analyse('busy', ['a.ts', 'b.py']) : call(client, 'update_context', update),
  );
  for (const { isError } of await Promise.all(calls)) expect(isError).toBe(false);
  const stored = await entries('busy');
  expect(stored.map(({ sequence_number }) => sequence_number)).toEqual(Array.from({ length: 1 + 6 * 3 + 6 }, (_, index) => index + 1));
  const types = stored.map(({ context_type }) => context_type).join(' ');
  expect(types.match(/tool_call file file/gu)).toHaveLength(6);
});

it('keeps the end of a path that is too long for its column, and the whole path in the entry', async () => {
  await register('long');
  expect((await analyse('long', [DEEP])).isError).toBe(false);
  const [snapshot] = await snapshots('long');
  expect(String(snapshot?.['file_path'])).toHaveLength(500);
  expect(snapshot?.['file_path']).toBe(`…${DEEP.slice(-499)}`);
  expect(snapshot?.['analysis_result']).toMatchObject({ filePath: DEEP });
  expect((await entries('long')).at(-1)).toMatchObject({ metadata: { filePath: DEEP } });
});

describe('a session that is', () => {
  it('unknown is refused before anything is read', async () => {
    const { isError, body } = await analyse('nobody', ['a.ts']);
    expect([isError, body]).toMatchObject([true, { success: false, error: 'Session not found', sessionKey: 'nobody' }]);
  });

  it.each([
    ['completed', "status = 'completed'", undefined],
    ['expired', "status = 'expired'", 'expired'],
    ['archived', 'archived_at = now()', 'archived'],
  ])('%s', async (key, change, currentStatus) => {
    await register(key);
    await fixture.sql(`UPDATE sessions SET ${change} WHERE session_key = $1`, [key]);
    fixture.sent.length = 0;
    const { isError, body } = await analyse(key, ['a.ts']);
    expect((await entries(key)).length).toBe(currentStatus === undefined ? 3 : 1);
    if (currentStatus === undefined) expect(isError).toBe(false);
    else {
      expect([isError, body]).toMatchObject([true, { error: 'Session is not active', sessionKey: key, currentStatus }]);
      expect(fixture.sent).toEqual(['handoff_read_state']);
    }
  });

  it('archived while its files are read is refused, and nothing is stored', async () => {
    await register('meanwhile');
    fixture.before.set('handoff_insert_analysis', async () => {
      await fixture.sql("UPDATE sessions SET archived_at = now() WHERE session_key = 'meanwhile'");
    });
    const { body } = await analyse('meanwhile', ['a.ts']);
    fixture.before.clear();
    expect(body).toMatchObject({ error: 'Session is not active', currentStatus: 'archived' });
    expect(await snapshots('meanwhile')).toEqual([]);
  });
});

it('reports one operation, without paths or names', async () => {
  await register('seen');
  await analyse('seen', ['a.ts', 'missing-secret.ts']);
  const [level, fields] = fixture.log.at(-1) ?? [];
  expect([level, fields]).toMatchObject([
    'info',
    {
      'event.name': 'handoff.codebase.analyze',
      'handoff.codebase.file_count': 2,
      'handoff.codebase.analysis.type': 'structure',
      success: true,
    },
  ]);
  expect(JSON.stringify(fields)).not.toMatch(/secret|a\.ts/u);
});

it('without roots it says what the operator can set, and stores nothing', async () => {
  const bare = await handoffFixture();
  try {
    const other = await bare.connect();
    await call(other, 'register_session', { sessionKey: 'k', agentFrom: 'a' });
    const { isError, body } = await call(other, 'analyze_codebase', { sessionKey: 'k', filePaths: ['/etc/passwd'] });
    expect([isError, body]).toEqual([
      true,
      {
        success: false,
        error: 'Failed to analyze codebase',
        code: 'HANDOFF_CODEBASE_ROOTS_MISSING',
        details: expect.stringContaining('HANDOFF_CODEBASE_ROOTS') as unknown,
      },
    ]);
    expect(await bare.sql('SELECT FROM context_history')).toHaveLength(1);
  } finally {
    await bare.dispose();
  }
});
