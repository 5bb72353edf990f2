import type { Client } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { AnalyseOutcome } from '../../../../src/handoff/sessions/analyseCodebase.js';
import { CodebaseBusyError } from '../../../../src/errors/codebaseErrors.js';
import { MissingPeerError } from '../../../../src/errors/missingPeerError.js';
import { FakeSessions, call, connectTo } from './fakeSessions.js';
import type { ToolAnswer } from './fakeSessions.js';

let client: Client | undefined;
afterEach(() => client?.close());

const timestamp = '2026-01-01T10:00:00.000Z';
const OUTCOME: AnalyseOutcome = {
  kind: 'analysed',
  totalFiles: 2,
  results: [
    {
      filePath: 'a.ts',
      contentHash: 'ab'.repeat(32),
      analysis: {
        type: 'structure',
        language: 'typescript',
        fileSize: 10,
        lineCount: 1,
        structure: { totalLines: 1, codeLines: 1, commentLines: 0, blankLines: 0, commentRatio: 0 },
      },
      summary: 'typescript, 1 line (1 code, 0 comment, 0 blank)',
      timestamp,
    },
  ],
  refused: [{ filePath: 'b.ts', reason: 'not_found', problem: 'The file does not exist.' }],
  summary: 'Analyzed 1 of 2 files: 1 line; typescript 1.',
  timestamp,
};

async function answer(analyse: () => AnalyseOutcome, args: object): Promise<ToolAnswer & { calls: FakeSessions['calls'] }> {
  const fake = new FakeSessions({ analyse });
  client = await connectTo(fake);
  return { ...(await call(client, 'analyze_codebase', { sessionKey: 'k', ...args })), calls: fake.calls };
}

describe('analyze_codebase', () => {
  it('answers with the report and the errors; structure is the default', async () => {
    const { isError, body, calls } = await answer(() => OUTCOME, { filePaths: ['a.ts', 'b.ts'] });
    const signal = expect.any(AbortSignal) as unknown;
    expect(calls).toEqual([['analyse', { sessionKey: 'k', filePaths: ['a.ts', 'b.ts'], analysisType: 'structure', signal }]]);
    const { totalFiles, results, summary } = OUTCOME;
    expect([isError, body]).toEqual([
      false,
      { success: true, report: { sessionKey: 'k', totalFiles, results, summary, timestamp }, errors: ['b.ts: The file does not exist.'] },
    ]);
    expect(Object.keys(body)).toEqual(['success', 'report', 'errors']);
  });

  it('has no errors where every file was analysed', async () => {
    const { body } = await answer(() => ({ ...OUTCOME, refused: [] }), { filePaths: ['a.ts'] });
    expect(body).not.toHaveProperty('errors');
  });

  it.each([
    [{ kind: 'session_not_found' } as const, { success: false, error: 'Session not found', sessionKey: 'k' }],
    [
      { kind: 'session_not_active', status: 'archived' } as const,
      { success: false, error: 'Session is not active', sessionKey: 'k', currentStatus: 'archived' },
    ],
  ])('%j', async (outcome, expected) => {
    const { isError, body } = await answer(() => outcome, { filePaths: ['a.ts'] });
    expect([isError, body]).toMatchObject([true, expected]);
  });

  it.each([
    [new CodebaseBusyError(16), 'HANDOFF_CODEBASE_BUSY', /Try again/u],
    [new MissingPeerError('p', 'npm install p', 'x'), 'HANDOFF_MISSING_PEER', /operator/u],
    [new Error('/home/somebody/secret'), 'HANDOFF_INTERNAL', /^(?!.*secret)/u],
  ])('%s is an internal failure in safe words', async (thrown, code, details) => {
    const { isError, body } = await answer(
      () => {
        throw thrown;
      },
      { filePaths: ['a.ts'] },
    );
    expect([isError, body]).toEqual([
      true,
      { success: false, error: 'Failed to analyze codebase', code, details: expect.stringMatching(details) as unknown },
    ]);
  });

  it.each([
    [{}, 'filePaths'],
    [{ filePaths: [] }, 'filePaths'],
    [{ filePaths: 'a.ts' }, 'filePaths'],
    [{ filePaths: Array.from({ length: 101 }, () => 'a.ts') }, 'filePaths'],
    [{ filePaths: ['a.ts', ''] }, 'filePaths.1'],
    [{ filePaths: ['a\0.ts'] }, 'filePaths.0'],
    [{ filePaths: ['x'.repeat(4097)] }, 'filePaths.0'],
    [{ filePaths: ['a.ts'], analysisType: 'all' }, 'analysisType'],
  ])('%j is invalid input', async (args, path) => {
    const { isError, body, calls } = await answer(() => OUTCOME, args);
    expect([isError, body['error'], calls]).toEqual([true, 'Invalid input', []]);
    expect((body['problems'] as { path: string }[]).map((problem) => problem.path)).toEqual([path]);
  });
});
