import type { Notify } from './env.js';
import type { PrometheusOptions } from './options.js';

export interface PrometheusSettings {
  readonly enabled: boolean;
  readonly listen: boolean;
  readonly host: string;
  readonly port: number;
}

/** What OpenTelemetry's own settings say about the pull endpoint. */
export interface PrometheusRequest {
  /**
   * `forbidden`: off whatever the code says. `asked`: on. `unspecified`: as the code or the default says. `unwanted`: off
   * unless the code says otherwise.
   */
  readonly wish: 'forbidden' | 'asked' | 'unspecified' | 'unwanted';
  readonly host?: string;
  readonly port?: number;
}

export const DEFAULT_PROMETHEUS = { host: '127.0.0.1', port: 9464 };

/** Decides whether and where metrics can be pulled: on by default, but off on stdio unless it is requested or a port is set. */
export function prometheusSettings(
  request: PrometheusRequest,
  options: PrometheusOptions,
  stdio: boolean,
  notify: Notify,
): PrometheusSettings {
  const portFromCode = portFromOptions(options, notify);
  const asked = request.wish === 'asked' || portFromCode !== undefined;
  const enabled = request.wish === 'forbidden' ? false : (options.enabled ?? (asked || (request.wish === 'unspecified' && !stdio)));
  return {
    enabled,
    listen: enabled && (options.listen ?? (!stdio || asked)),
    host: options.host ?? request.host ?? DEFAULT_PROMETHEUS.host,
    port: portFromCode ?? request.port ?? DEFAULT_PROMETHEUS.port,
  };
}

function portFromOptions({ port }: PrometheusOptions, notify: Notify): number | undefined {
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return port;
  notify(`prometheus.port: ${port} must be a whole number from 0 to 65535. The default is used.`);
  return undefined;
}
