import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedQuery } from './namedQuery.js';
import { withVariables } from './variables.js';

/** One query of a panel. Its title is `panel title / A`. */
export interface BoardQuery extends NamedQuery {
  readonly language: 'prometheus' | 'loki' | 'tempo';
}

/** What Grafana puts in place of a variable whose choice is "All", unless the board says otherwise. */
const ANYTHING = '.*';

interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly query?: string;
  readonly legendFormat?: string;
  readonly datasource?: { readonly type?: string };
}

interface Panel {
  readonly title?: string;
  readonly panels?: readonly Panel[];
  readonly targets?: readonly Target[];
  readonly datasource?: { readonly type?: string };
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
}

interface Board {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly allValue?: string }[] };
  readonly panels: readonly Panel[];
}

/** Every query of every panel of the generated boards. */
export function boardQueries(folder: string): BoardQuery[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (files.length === 0) throw new Error(`There are no boards in ${folder}: generate them with npm run dashboards.`);
  return files.toSorted().flatMap((file) => {
    const board = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Board;
    const values = Object.fromEntries(board.templating.list.map(({ name, allValue }) => [name, allValue ?? ANYTHING]));
    return numbered(board.panels.flatMap((panel) => queriesOf(board.uid, panel))).map((query) => ({
      ...query,
      text: withVariables(query.text, values),
    }));
  });
}

/** Two panels may have one title. */
function numbered(queries: readonly BoardQuery[]): BoardQuery[] {
  const seen = new Map<string, number>();
  return queries.map((query) => {
    const count = (seen.get(query.title) ?? 0) + 1;
    seen.set(query.title, count);
    return count === 1 ? query : { ...query, title: `${query.title} #${count}` };
  });
}

function queriesOf(board: string, panel: Panel): BoardQuery[] {
  const own = (panel.targets ?? []).map((target, index) => {
    const unit = panel.fieldConfig?.defaults?.unit;
    return {
      group: board,
      title: `${panel.title ?? ''} / ${target.refId ?? String(index)}`,
      language: languageOf(target.datasource?.type ?? panel.datasource?.type ?? '', panel.title ?? ''),
      text: target.expr ?? target.query ?? '',
      legendLabels: labelsIn(target.legendFormat ?? ''),
      ...(unit === undefined ? {} : { unit }),
    };
  });
  return [...own, ...(panel.panels ?? []).flatMap((inner) => queriesOf(board, inner))];
}

function languageOf(type: string, title: string): BoardQuery['language'] {
  if (type === 'prometheus' || type === 'loki' || type === 'tempo') return type;
  throw new Error(`The panel ${title} has a data source of type ${type}, which the stack cannot ask.`);
}

function labelsIn(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label);
}
