import type { Board, BoardVariable } from './boards.js';

/** What Grafana would put in for the choices at the top of a dashboard and for its own variables. */
export interface Circumstances {
  /** What is chosen among the services, as `service.name`. Where only one can be chosen, it is the first. */
  readonly services: readonly [string, ...string[]];
  readonly fromMs: number;
  readonly toMs: number;
  /** Grafana's `$__interval`. */
  readonly intervalMs: number;
  /** Grafana's `$__rate_interval`: at least four times the interval at which processes export. */
  readonly rateIntervalMs: number;
}

export type Values = ReadonlyMap<string, string>;

/** The labels and attributes by which a variable chooses a service. */
const SERVICE_KEYS = /(?:\bjob|\bservice_name|\bservice\.name)\b/;

/** The values of a dashboard's variables and of Grafana's own, as text to put into a query. */
export function valuesOf(board: Board, circumstances: Circumstances): Values {
  const { fromMs, toMs, intervalMs, rateIntervalMs } = circumstances;
  const rangeMs = toMs - fromMs;
  const values = new Map<string, string>([
    ['__interval', duration(intervalMs)],
    ['__interval_ms', String(intervalMs)],
    ['__rate_interval', duration(rateIntervalMs)],
    ['__auto', duration(Math.max(intervalMs, 1000))],
    ['__range', duration(rangeMs)],
    ['__range_s', String(Math.round(rangeMs / 1000))],
    ['__range_ms', String(rangeMs)],
    ['__from', String(fromMs)],
    ['__to', String(toMs)],
    ['__dashboard', board.title],
  ]);
  for (const variable of board.variables) values.set(variable.name, valueOf(variable, circumstances));
  return values;
}

function valueOf(variable: BoardVariable, { services }: Circumstances): string {
  if (choosesService(variable.name, variable.query)) return variable.isMulti ? anyOf(services) : services[0];
  if (!variable.includesAll) return variable.current ?? (variable.type === 'textbox' ? '' : '.*');
  return variable.allValue ?? (variable.options.length === 0 ? '.*' : anyOf(variable.options));
}

/** Several chosen values, as Grafana writes them for Prometheus, Loki and Tempo. */
function anyOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
}

/** Whether a variable chooses among services: by its name, or by the label whose values it lists. */
function choosesService(name: string, query: string): boolean {
  const label = /^label_values\((?:.*,)?\s*(\w+)\s*\)$/s.exec(query.trim())?.[1];
  return label === undefined ? /^(?:job|service|service_name)$/.test(name) : SERVICE_KEYS.test(label);
}

const VARIABLE = /\$\{(\w+)(?::[\w:,-]+)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]/g;

/**
 * The query with values instead of variables.
 * @throws Error that names a variable which the dashboard does not have
 */
export function fill(query: string, values: Values): string {
  return query.replaceAll(VARIABLE, (whole: string, braced?: string, plain?: string, bracketed?: string) => {
    const name = braced ?? plain ?? bracketed ?? '';
    // In a replacement of label_replace, `$1` is the first group of its pattern.
    if (/^\d+$/.test(name)) return whole;
    const value = values.get(name);
    if (value === undefined) throw new Error(`the query uses the variable $${name}, which the dashboard does not have`);
    return value;
  });
}

function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
