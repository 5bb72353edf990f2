import { knownSeries } from './known.js';
import { labelName } from './series.js';

/** One condition on a label. */
export interface Matcher {
  /** OpenTelemetry attribute key or Prometheus label name. */
  readonly key: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  /** Text to compare with, or an anchored RE2 pattern; unescaped. Variables of Grafana are allowed. */
  readonly value: string;
}

export const equals = (key: string, value: string): Matcher => ({ key, op: '=', value });
export const differs = (key: string, value: string): Matcher => ({ key, op: '!=', value });
export const matches = (key: string, pattern: string): Matcher => ({ key, op: '=~', value: pattern });
export const matchesNot = (key: string, pattern: string): Matcher => ({ key, op: '!~', value: pattern });

/**
 * Returns a selector of PromQL, `name{label="value",…}`, and checks it.
 *
 * @param series Series name: of `seriesName()` and its like, or of another program's metric in `foreign.ts`.
 * @throws {TypeError} when nothing records the series, or its points never have one of the labels.
 */
export function selector(series: string, matchers: readonly Matcher[] = []): string {
  const known = knownSeries.get(series);
  if (known === undefined) throw new TypeError(`No metric has the series ${series}: add it to dashboards/src/names/foreign.ts.`);
  const conditions = matchers.map(({ key, op, value }) => {
    const label = labelName(key);
    if (!known.labels.has(label)) throw new TypeError(`${series} has no label ${label}, only ${[...known.labels].join(', ')}.`);
    return `${label}${op}"${escaped(value)}"`;
  });
  return conditions.length === 0 ? series : `${series}{${conditions.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
