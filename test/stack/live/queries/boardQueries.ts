import { readBoards } from '../../queries/boards.js';
import type { PanelQuery } from '../../queries/boards.js';
import { fill, valuesOf } from '../../queries/variables.js';
import { PACE, RATE_INTERVAL_MS } from '../timing.js';
import type { NamedQuery } from './namedQuery.js';

/** The time range on the boards. */
const RANGE_MS = 120_000 * PACE;
/** All of them, as the value of a variable. */
const ANY_SERVICE = '.+';

/** Every PromQL of every panel of the generated boards, with all services chosen. Its title is `panel title / A`. */
export function boardQueries(): NamedQuery[] {
  const times = { fromMs: 0, toMs: RANGE_MS, intervalMs: RATE_INTERVAL_MS, rateIntervalMs: RATE_INTERVAL_MS };
  return readBoards().flatMap((board) => {
    const values = valuesOf(board, { services: [ANY_SERVICE], ...times });
    const queries = board.queries.filter(({ language }) => language === 'promql');
    return numbered(queries.map((query) => ({ ...named(query), text: fill(query.text, values) })));
  });
}

function named({ board, panel, refId, text, unit, target }: PanelQuery): NamedQuery {
  const legend = target['legendFormat'];
  return {
    group: board,
    title: `${panel} / ${refId}`,
    text,
    legendLabels: typeof legend === 'string' ? labelsIn(legend) : [],
    ...(unit === '' ? {} : { unit }),
  };
}

/** Two panels may have one title. */
function numbered(queries: readonly NamedQuery[]): NamedQuery[] {
  const seen = new Map<string, number>();
  return queries.map((query) => {
    const count = (seen.get(query.title) ?? 0) + 1;
    seen.set(query.title, count);
    return count === 1 ? query : { ...query, title: `${query.title} #${count}` };
  });
}

function labelsIn(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label);
}
