import type { RefusedFile } from '../../codebase/types.js';
import type { AnalyseOutcome, FileReport } from '../../sessions/analyseCodebase.js';
import type { AnswerRoom } from './answerRoom.js';
import { mostWireBytes, wireBytes } from './jsonSize.js';

type Analysed = Extract<AnalyseOutcome, { kind: 'analysed' }>;

/** Results and errors are four levels deep; a level indents by two. */
const RESULT_DEPTH = 4;

/**
 * Answers with what was found in each file, in the order of the call, as far as it fits; `omitted` counts the rest, which the
 * entries of the session have. Errors take at most a quarter, so that many long paths leave room for results.
 */
export function analysisAnswer(sessionKey: string, outcome: Analysed, room: AnswerRoom): object {
  const { totalFiles, results, refused, summary, timestamp } = outcome;
  const errors = fitting(refused.map(errorText), room.bytes / 4, room.isStructured);
  const left = room.bytes - errors.reduce((sum, error) => sum + size(error, room.isStructured), 0);
  const shown: readonly FileReport[] = fitting(results, left, room.isStructured);
  const omitted = { results: results.length - shown.length, errors: refused.length - errors.length };
  return {
    report: { sessionKey, totalFiles, results: shown, summary, timestamp },
    ...(errors.length === 0 ? {} : { errors }),
    ...(omitted.results + omitted.errors === 0
      ? {}
      : { omitted, hint: 'The answer would be too large. get_context with type file returns the entries of all analysed files.' }),
  };
}

function errorText({ filePath, problem }: RefusedFile): string {
  return `${filePath}: ${problem}`;
}

/** Returns the longest beginning of the list that fits. */
function fitting<Item>(items: readonly Item[], bytes: number, isStructured: boolean): readonly Item[] {
  let left = bytes;
  const over = items.findIndex((item) => (left -= size(item, isStructured)) < 0);
  return over === -1 ? items : items.slice(0, over);
}

/** The exact size only of what is large: measuring takes as long as answering. */
function size(item: unknown, isStructured: boolean): number {
  const most = mostWireBytes(item, RESULT_DEPTH);
  return most < 1024 ? most : Math.min(most, wireBytes([[[[item]]]], isStructured));
}
