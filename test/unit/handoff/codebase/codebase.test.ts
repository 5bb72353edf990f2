import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { createCodebase } from '../../../../src/handoff/codebase/codebase.js';
import type { Codebase, CodebaseReport, CodebaseSettings } from '../../../../src/handoff/codebase/codebase.js';
import { AnalysisWorker } from '../../../../src/handoff/codebase/thread/analysisWorker.js';
import { scriptedThread } from './thread/scriptedThread.js';

/** What becomes of calls whatever the thread does. The real thread is in realThread.test.ts. */

const scripted = (settings: Partial<CodebaseSettings> = {}, idleTimeoutMs = 60_000): Codebase =>
  createCodebase({ roots: ['/'], ...settings }, { entry: scriptedThread, idleTimeoutMs });
const reasons = ({ refused }: CodebaseReport): string[] => refused.map(({ filePath, reason }) => `${filePath}: ${reason}`);
const paths = ({ files }: CodebaseReport): string[] => files.map(({ filePath }) => filePath);
const threads = ({ files }: CodebaseReport): string[] => files.map(({ analysis }) => analysis.language);

describe('a call', () => {
  it('is answered in the order of its paths, each once, by one thread', async () => {
    const codebase = scripted();
    const report = await codebase.analyse(['b', 'a', 'b', 'c'], 'structure');
    expect(paths(report)).toEqual(['b', 'a', 'c']);
    expect(new Set([...threads(report), ...threads(await codebase.analyse(['d'], 'full'))]).size).toBe(1);
  });

  it('without roots is refused before anything is read', async () => {
    await expect(createCodebase({ roots: [] }).analyse(['/etc/passwd'], 'full')).rejects.toMatchObject({
      code: 'HANDOFF_CODEBASE_ROOTS_MISSING',
      message: expect.stringContaining('HANDOFF_CODEBASE_ROOTS') as unknown,
    });
  });

  it.each(['crash', 'exit'])('goes on with a new thread after the old one ended by: %s', async (end) => {
    const report = await scripted().analyse(['a', end, 'b', end, 'c'], 'structure');
    expect(paths(report)).toEqual(['a', 'b', 'c']);
    expect(reasons(report)).toEqual([`${end}: analysis_failed`]);
    const [first, ...later] = threads(report);
    expect(later).not.toContain(first);
  });

  it('gives up a file that takes too long, and goes on', async () => {
    const report = await scripted({ fileTimeoutMs: 1000 }).analyse(['hang', 'a'], 'structure');
    expect([paths(report), reasons(report)]).toEqual([['a'], ['hang: timed_out']]);
  });

  it('ends when it takes too long, with what it has', async () => {
    const codebase = scripted({ timeoutMs: 4000, fileTimeoutMs: 60_000 });
    await codebase.analyse(['first'], 'structure');
    const report = await codebase.analyse(['a', 'hang', 'b', 'c'], 'structure');
    expect([paths(report), reasons(report)]).toEqual([['a'], ['hang: call_timed_out', 'b: call_timed_out', 'c: call_timed_out']]);
    expect(paths(await codebase.analyse(['d'], 'structure'))).toEqual(['d']);
  });

  it('ends when its caller goes, and leaves its place to others', async () => {
    const codebase = scripted({ fileTimeoutMs: 60_000 });
    const gone = new AbortController();
    const calls = Array.from({ length: 16 }, () => codebase.analyse(['hang', 'a'], 'structure', gone.signal));
    await expect(codebase.analyse(['b'], 'structure')).rejects.toMatchObject({ code: 'HANDOFF_CODEBASE_BUSY' });
    gone.abort();
    expect(await Promise.allSettled(calls)).toEqual(
      calls.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'HANDOFF_CALL_CANCELLED' }) as unknown })),
    );
    expect(paths(await codebase.analyse(['b'], 'structure', new AbortController().signal))).toEqual(['b']);
  });

  it('says what is missing where the parser is not installed', async () => {
    const codebase = scripted();
    await expect(codebase.analyse(['a', 'missing'], 'full')).rejects.toMatchObject({
      code: 'HANDOFF_MISSING_PEER',
      data: { install: 'npm install @vscode/tree-sitter-wasm@0.3' },
    });
    expect(paths(await codebase.analyse(['a'], 'full'))).toEqual(['a']);
  });

  it('does not quote the detail of a failure, which can name files of the installation', async () => {
    const { refused } = await scripted().analyse(['failed'], 'full');
    expect(refused).toEqual([
      { filePath: 'failed', reason: 'analysis_failed', problem: 'The file could not be analysed: the parser ran out of memory.' },
    ]);
  });

  it('fails each file where the thread cannot even start', async () => {
    const codebase = createCodebase({ roots: ['/'] }, { entry: { url: new URL('file:///no/such/thread.js'), execArgv: [] } });
    expect(reasons(await codebase.analyse(['a', 'b'], 'full'))).toEqual(['a: analysis_failed', 'b: analysis_failed']);
  });
});

describe('calls at the same time', () => {
  it('take turns, so that a short one need not wait for a long one', async () => {
    const codebase = scripted();
    const order: string[] = [];
    const note = (name: string) => (report: CodebaseReport) => void order.push(`${name} ${report.files.length}`);
    const many = Array.from({ length: 50 }, (_, index) => `file ${index}`);
    await Promise.all([codebase.analyse(many, 'full').then(note('long')), codebase.analyse(['a', 'b'], 'full').then(note('short'))]);
    expect(order).toEqual(['short 2', 'long 50']);
  });

  it('are bounded: the 17th is refused, and the next works', async () => {
    const codebase = scripted({ timeoutMs: 2000 });
    const calls = Array.from({ length: 16 }, (_, index) => codebase.analyse([`hang ${index}`], 'full'));
    await expect(codebase.analyse(['a'], 'full')).rejects.toMatchObject({ code: 'HANDOFF_CODEBASE_BUSY', data: { calls: 16 } });
    const reports = await Promise.all(calls);
    expect(reports.flatMap(reasons)).toHaveLength(16);
    await vi.waitFor(async () => expect(paths(await codebase.analyse(['a'], 'full'))).toEqual(['a']), { timeout: 20_000 });
  });
});

describe('the thread', () => {
  it('ends after a time without work, and is started again', async () => {
    const codebase = scripted({}, 30);
    const [first] = threads(await codebase.analyse(['a'], 'full'));
    await vi.waitFor(async () => expect(threads(await codebase.analyse(['a'], 'full'))).not.toEqual([first]), {
      timeout: 5000,
      interval: 100,
    });
  });

  it('leaves no listeners behind', async () => {
    const worker = new AnalysisWorker({ entry: scriptedThread, fileTimeoutMs: 60_000, idleTimeoutMs: 10 });
    const { signal } = new AbortController();
    const request = { filePath: 'a', roots: [], type: 'full', limits: { maxFileBytes: 1, remainingBytes: 1 } } as const;
    await Promise.all([worker.run(request, signal), worker.run(request, signal), worker.run({ ...request, filePath: 'crash' }, signal)]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(await worker.run(request, AbortSignal.abort())).toMatchObject({ kind: 'refused', reason: 'call_timed_out' });
  });
});
