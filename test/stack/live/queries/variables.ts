import { RATE_INTERVAL } from '../timing.js';

/** What Grafana knows by itself. */
const OF_GRAFANA: Readonly<Record<string, string>> = {
  __rate_interval: RATE_INTERVAL,
  __interval: RATE_INTERVAL,
  __auto: RATE_INTERVAL,
  __range: '2m',
  __range_s: '120',
};
/**
 * Replaces variables as Grafana does: `$name`, `${name}` and `${name:format}`.
 *
 * @throws Error if a variable is neither in `values` nor Grafana's own: Grafana would leave it in the query.
 */
export function withVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{([A-Za-z_]\w*)(?::\w+)?\}|([A-Za-z_]\w*))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const value = values[name] ?? OF_GRAFANA[name];
    if (value === undefined) throw new Error(`The board has no variable ${name}, which is in its query ${text}.`);
    return value;
  });
}
