import { integerFromEnv, listFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import type { PrometheusOptions } from './options.js';

export interface PrometheusSettings {
  readonly enabled: boolean;
  readonly listen: boolean;
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 9464;

/**
 * Whether and where metrics can be pulled.
 *
 * On by default, off on stdio unless someone names a port. OTEL_METRICS_EXPORTER, when set, says exactly what is wanted:
 * `none` turns the endpoint off whatever else is said, a list without `prometheus` turns the default off.
 */
export function prometheusSettings(env: Env, options: PrometheusOptions, stdio: boolean, notify: Notify): PrometheusSettings {
  const exporters = listFromEnv(env, 'OTEL_METRICS_EXPORTER');
  const port = portFromOptions(options, notify) ?? integerFromEnv(env, 'OTEL_EXPORTER_PROMETHEUS_PORT', { min: 0, max: 65_535 }, notify);
  const askedByEnv = exporters?.includes('prometheus') === true;
  const byDefault = exporters === undefined && !stdio;
  const enabled = exporters?.includes('none') === true ? false : (options.enabled ?? (askedByEnv || port !== undefined || byDefault));
  return {
    enabled,
    listen: enabled && (options.listen ?? (!stdio || askedByEnv || port !== undefined)),
    host: options.host ?? textFromEnv(env, 'OTEL_EXPORTER_PROMETHEUS_HOST') ?? '127.0.0.1',
    port: port ?? DEFAULT_PORT,
  };
}

function portFromOptions({ port }: PrometheusOptions, notify: Notify): number | undefined {
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return port;
  notify(`prometheus.port ${port} is not a whole number from 0 to 65535; the default is used.`);
  return undefined;
}
