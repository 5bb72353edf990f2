import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One query of a panel, a variable or an annotation. */
export interface BoardQuery {
  /** The board's uid. */
  readonly board: string;
  /** `panel title / A`, unique on its board. */
  readonly title: string;
  readonly language: 'prometheus' | 'loki' | 'tempo';
  /** As it stands in the board, with Grafana's variables. */
  readonly text: string;
  /** Labels that the legend names: they have to be on the result. */
  readonly legendLabels: readonly string[];
  /** Grafana's name of the unit, of panels only. */
  readonly unit?: string;
}

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
  readonly panels: readonly Panel[];
}

/** Every query of every panel of the generated boards. */
export function boardQueries(folder: string): BoardQuery[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (files.length === 0) throw new Error(`There are no boards in ${folder}: generate them with npm run dashboards.`);
  return files.toSorted().flatMap((file) => {
    const board = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Board;
    return board.panels.flatMap((panel) => queriesOf(board.uid, panel));
  });
}

function queriesOf(board: string, panel: Panel): BoardQuery[] {
  const own = (panel.targets ?? []).map((target, index) => {
    const unit = panel.fieldConfig?.defaults?.unit;
    return {
      board,
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
