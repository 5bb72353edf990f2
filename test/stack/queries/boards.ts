import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Language = 'promql' | 'logql' | 'traceql';

/** One query of a panel as it stands in the file of the dashboard, with Grafana's variables. */
export interface PanelQuery {
  readonly board: string;
  readonly panel: string;
  readonly refId: string;
  readonly language: Language;
  readonly text: string;
  /** Only the value at the end of the time range is shown. */
  readonly isInstant: boolean;
  /** Grafana's name of the unit; empty where the panel has none. */
  readonly unit: string;
  /** The query with all its settings, for Grafana's own interface. */
  readonly target: Readonly<Record<string, unknown>>;
}

/** A choice at the top of a dashboard that is filled by a query. */
export interface BoardVariable {
  readonly name: string;
  readonly type: string;
  /** Empty for one that is not filled by a query. */
  readonly query: string;
  readonly isMulti: boolean;
  /** What a list that is written down offers. */
  readonly options: readonly string[];
  readonly allValue: string | undefined;
  readonly includesAll: boolean;
  readonly current: string | undefined;
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly queries: readonly PanelQuery[];
  readonly variables: readonly BoardVariable[];
  /** PromQL of the events that are drawn over the panels. They may be empty. */
  readonly annotations: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

const generatedFolder = join(import.meta.dirname, '../../../dashboards/generated');

interface Panel {
  readonly type?: string;
  readonly title?: string;
  readonly datasource?: { readonly type?: string };
  readonly panels?: readonly Panel[];
  readonly targets?: readonly Readonly<Record<string, unknown>>[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
}

const LANGUAGES: Readonly<Record<string, Language>> = { prometheus: 'promql', loki: 'logql', tempo: 'traceql' };

/** The dashboards of a folder. @throws Error that says how to make them when there is none. */
export function readBoards(folder: string = generatedFolder): readonly Board[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0) {
    throw new Error(`${folder} holds no dashboard: run \`node --import ./tools/resolveSource.mjs dashboards/src/main.ts\`.`);
  }
  return files.sort().map((name) => boardOf(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

export function boardOf(json: Readonly<Record<string, unknown>>): Board {
  const uid = String(json['uid']);
  const {
    templating,
    annotations,
    panels = [],
  } = json as {
    readonly templating?: { readonly list?: readonly Readonly<Record<string, unknown>>[] };
    readonly annotations?: { readonly list?: readonly Readonly<Record<string, unknown>>[] };
    readonly panels?: readonly Panel[];
  };
  return {
    uid,
    title: String(json['title']),
    queries: allPanels(panels).flatMap((panel) => queriesOf(uid, panel)),
    variables: (templating?.list ?? []).map(variableOf),
    annotations: (annotations?.list ?? []).flatMap((annotation) => {
      const { datasource, expr } = annotation as { readonly datasource?: { readonly type?: string }; readonly expr?: unknown };
      return datasource?.type === 'prometheus' && typeof expr === 'string' ? [expr] : [];
    }),
    json,
  };
}

/** Those of collapsed rows too: their queries run as soon as somebody opens the row. */
function allPanels(panels: readonly Panel[]): readonly Panel[] {
  return panels.flatMap((panel) => [panel, ...allPanels(panel.panels ?? [])]);
}

function queriesOf(board: string, panel: Panel): readonly PanelQuery[] {
  return (panel.targets ?? []).flatMap((target) => {
    const {
      datasource = panel.datasource,
      refId,
      expr,
      query,
      instant,
      queryType,
    } = target as {
      readonly datasource?: { readonly type?: string };
      readonly refId?: unknown;
      readonly expr?: unknown;
      readonly query?: unknown;
      readonly instant?: unknown;
      readonly queryType?: unknown;
    };
    const language = LANGUAGES[datasource?.type ?? ''];
    const text = language === 'traceql' ? query : expr;
    // Grafana draws a service graph from metrics that it asks for itself.
    if (language === undefined || queryType === 'serviceMap') return [];
    return [
      {
        board,
        panel: panel.title ?? '',
        refId: typeof refId === 'string' ? refId : 'A',
        language,
        text: typeof text === 'string' ? text : '',
        isInstant: instant === true || queryType === 'instant',
        unit: panel.fieldConfig?.defaults?.unit ?? '',
        target: { ...target, datasource },
      },
    ];
  });
}

function variableOf(variable: Readonly<Record<string, unknown>>): BoardVariable {
  const { name, type, query, definition, multi, includeAll, allValue, current } = variable as {
    readonly name?: unknown;
    readonly type?: unknown;
    readonly query?: unknown;
    readonly definition?: unknown;
    readonly multi?: unknown;
    readonly includeAll?: unknown;
    readonly allValue?: unknown;
    readonly current?: { readonly value?: unknown };
  };
  const asked = typeof query === 'object' && query !== null ? (query as { readonly query?: unknown }).query : query;
  const text = typeof asked === 'string' && asked !== '' ? asked : definition;
  const chosen = current?.value;
  return {
    name: String(name),
    type: String(type),
    query: type === 'query' && typeof text === 'string' ? text : '',
    isMulti: multi === true,
    options: type === 'custom' && typeof query === 'string' ? query.split(',').map((option) => option.trim()) : [],
    allValue: typeof allValue === 'string' && allValue !== '' ? allValue : undefined,
    includesAll: includeAll === true,
    current: typeof chosen === 'string' && chosen !== '' && chosen !== '$__all' ? chosen : undefined,
  };
}
