import { expect, it } from 'vitest';
import { analysisAnswer } from '../../../../../src/handoff/server/answers/analysisAnswer.js';
import { wireBytes } from '../../../../../src/handoff/server/answers/jsonSize.js';
import type { FileReport } from '../../../../../src/handoff/sessions/analyseCodebase.js';

const timestamp = '2026-01-01T10:00:00.000Z';
const result = (filePath: string, imports: readonly string[] = []): FileReport => ({
  filePath,
  contentHash: '0'.repeat(64),
  analysis: { type: 'full', language: 'typescript', fileSize: 1, lineCount: 1, imports },
  summary: 'typescript, 1 line',
  timestamp,
});
const outcome = (results: readonly FileReport[], refusedPaths: readonly string[] = []) => ({
  kind: 'analysed' as const,
  totalFiles: results.length + refusedPaths.length,
  results,
  refused: refusedPaths.map((filePath) => ({ filePath, reason: 'not_found' as const, problem: 'The file does not exist.' })),
  summary: 'Analyzed.',
  timestamp,
});

it('has every result, and no errors where there are none', () => {
  const results = [result('a.ts'), result('b.ts')];
  expect(analysisAnswer('k', outcome(results), { bytes: 100_000, isStructured: true })).toEqual({
    report: { sessionKey: 'k', totalFiles: 2, results, summary: 'Analyzed.', timestamp },
  });
});

it('names the files that were refused, and why', () => {
  const answer = analysisAnswer('k', outcome([], ['a.ts']), { bytes: 100_000, isStructured: true });
  expect(answer).toMatchObject({ errors: ['a.ts: The file does not exist.'], report: { totalFiles: 1, results: [] } });
});

it.each([true, false])('fits whatever the names are made of (structured: %s), and says how many it leaves out', (isStructured) => {
  const bytes = 300_000;
  const nasty = '"\\\n\u0001é😀'.repeat(20);
  const results = Array.from({ length: 100 }, (_, index) =>
    result(
      `${index}${nasty}`,
      Array.from({ length: 100 }, () => nasty),
    ),
  );
  const paths = Array.from({ length: 400 }, (_, index) => `${index}${nasty}`.repeat(5));
  const answer = analysisAnswer('k', outcome(results, paths), { bytes, isStructured }) as {
    report: { results: unknown[] };
    errors: unknown[];
    omitted: { results: number; errors: number };
  };
  expect(wireBytes(answer, isStructured)).toBeLessThan(bytes + 2000);
  expect(answer.report.results.length).toBeGreaterThan(1);
  expect(answer.errors.length).toBeGreaterThan(10);
  expect(answer.omitted).toEqual({ results: 100 - answer.report.results.length, errors: 400 - answer.errors.length });
});
