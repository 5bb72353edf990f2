import { readBoards } from '../queries/boards.js';
import type { Board, Language, PanelQuery } from '../queries/boards.js';
import { fill, valuesOf } from '../queries/variables.js';
import type { Circumstances, Values } from '../queries/variables.js';
import { times } from './run.js';
import type { Run } from './run.js';

/** A query of a panel with values for its variables. */
export interface FilledQuery {
  readonly name: string;
  readonly text: string;
  readonly query: PanelQuery;
}

/** What somebody would choose who looks at the workload of a run: its servers and its agent, and the last quarter of an hour. */
function circumstancesOf(run: Run): Circumstances {
  const { serverName, agentName, otherName } = run.workload;
  const { toMs } = times(run);
  return { services: [serverName, agentName, otherName], fromMs: toMs - 15 * 60_000, toMs, intervalMs: 15_000, rateIntervalMs: 240_000 };
}

export function valuesFor(run: Run, board: Board): Values {
  return valuesOf(board, circumstancesOf(run));
}

/** The queries of all panels in a language, and a failed check for each that cannot be filled. */
export async function panelQueries(run: Run, part: string, language: Language): Promise<readonly FilledQuery[]> {
  const filled: FilledQuery[] = [];
  for (const board of readBoards()) {
    const values = valuesFor(run, board);
    for (const query of board.queries.filter((each) => each.language === language)) {
      const name = `${board.uid} / ${query.panel} / ${query.refId}`;
      try {
        filled.push({ name, text: fill(query.text, values), query });
      } catch (error) {
        await run.report.check(part, name, () => Promise.reject(error instanceof Error ? error : new Error(String(error))));
      }
    }
  }
  return filled;
}
