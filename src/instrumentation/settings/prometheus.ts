import { integerFromEnv, listFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import type { PrometheusOptions } from './options.js';

export interface PrometheusSettings {
  readonly enabled: boolean;
  readonly listen: boolean;
  readonly host: string;
  readonly port: number;
}

/** What OpenTelemetry's own settings say of the pull endpoint. */
export interface PrometheusRequest {
  /** `forbidden`: off whatever the code says. `asked`: on. `unsaid`: as the code or the default says. `unwanted`: off unless the code says otherwise. */
  readonly wish: 'forbidden' | 'asked' | 'unsaid' | 'unwanted';
  readonly host?: string;
  readonly port?: number;
}

const DEFAULT_PORT = 9464;

/** OTEL_METRICS_EXPORTER, when set, says exactly what is wanted: `none` turns the endpoint off whatever else is said. */
export function prometheusFromEnv(env: Env, notify: Notify): PrometheusRequest {
  const exporters = listFromEnv(env, 'OTEL_METRICS_EXPORTER');
  const port = integerFromEnv(env, 'OTEL_EXPORTER_PROMETHEUS_PORT', { min: 0, max: 65_535 }, notify);
  const host = textFromEnv(env, 'OTEL_EXPORTER_PROMETHEUS_HOST');
  return { wish: wishOf(exporters, port !== undefined), ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) };
}

function wishOf(exporters: readonly string[] | undefined, hasPort: boolean): PrometheusRequest['wish'] {
  if (exporters?.includes('none') === true) return 'forbidden';
  if (exporters?.includes('prometheus') === true || hasPort) return 'asked';
  return exporters === undefined ? 'unsaid' : 'unwanted';
}

/** Whether and where metrics can be pulled: on by default, off on stdio unless someone asks for it or names a port. */
export function prometheusSettings(
  request: PrometheusRequest,
  options: PrometheusOptions,
  stdio: boolean,
  notify: Notify,
): PrometheusSettings {
  const portFromCode = portFromOptions(options, notify);
  const asked = request.wish === 'asked' || portFromCode !== undefined;
  const enabled = request.wish === 'forbidden' ? false : (options.enabled ?? (asked || (request.wish === 'unsaid' && !stdio)));
  return {
    enabled,
    listen: enabled && (options.listen ?? (!stdio || asked)),
    host: options.host ?? request.host ?? '127.0.0.1',
    port: portFromCode ?? request.port ?? DEFAULT_PORT,
  };
}

function portFromOptions({ port }: PrometheusOptions, notify: Notify): number | undefined {
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return port;
  notify(`prometheus.port ${port} is not a whole number from 0 to 65535; the default is used.`);
  return undefined;
}
