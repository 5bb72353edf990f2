import { RATE_INTERVAL } from '../timing.js';

/** What Grafana knows by itself. */
const OF_GRAFANA: Readonly<Record<string, string>> = {
  __rate_interval: RATE_INTERVAL,
  __interval: RATE_INTERVAL,
  __auto: RATE_INTERVAL,
  __range: '2m',
  __range_s: '120',
};
/** What Grafana puts in place of a variable whose choice is "All". */
const ALL = '.*';

/** Replaces variables as Grafana does when everything is chosen: `$name`, `${name}` and `${name:format}`. */
export function withVariables(text: string, values: Readonly<Record<string, string>> = {}): string {
  return text.replace(/\$(?:\{([A-Za-z_]\w*)(?::\w+)?\}|([A-Za-z_]\w*))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return values[name] ?? OF_GRAFANA[name] ?? ALL;
  });
}
