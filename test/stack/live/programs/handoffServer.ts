import { join } from 'node:path';
import { INTERVAL_MS } from '../timing.js';
import { answers, LiveProgram } from './liveProgram.js';

export const cli = join(import.meta.dirname, '../../../../dist/cli.js');

export interface ServerOptions {
  /** Also its `service.name`. */
  readonly name: string;
  readonly logFolder: string;
  /** Base URL for OTLP/HTTP. */
  readonly otlpUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built handoff server over Streamable HTTP, which pushes its telemetry and can be scraped at its admin port. */
export function startHandoffServer(options: ServerOptions): Promise<LiveProgram<'mcp' | 'admin'>> {
  const { name, logFolder, env = {} } = options;
  return LiveProgram.start<'mcp' | 'admin'>({
    name,
    logFolder,
    ports: ['mcp', 'admin'],
    launch: ({ mcp, admin }) => ({
      command: process.execPath,
      args: [cli, 'serve'],
      env: { ...serverEnv(options, { mcp, admin }), ...env },
    }),
    probe: ({ admin }) => answers(`http://127.0.0.1:${admin}/livez`),
  });
}

/** What every handoff server of the stack is started with. */
export function serverEnv(
  { name, otlpUrl, databaseUrl, redisUrl }: ServerOptions,
  ports: Readonly<Record<'mcp' | 'admin', number>>,
): Record<string, string> {
  return {
    ...telemetryEnv(name, otlpUrl),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    HANDOFF_HTTP_PORT: String(ports.mcp),
    HANDOFF_ADMIN_PORT: String(ports.admin),
    // The divided windows of the rules must hold checks too.
    HANDOFF_HEALTH_CHECK_INTERVAL_MS: String(INTERVAL_MS),
  };
}

/** Exports as often as the stack scrapes, so that the divided windows of the rules hold points. */
export function telemetryEnv(serviceName: string, otlpUrl: string): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: serviceName,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=live',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_METRIC_EXPORT_INTERVAL: String(INTERVAL_MS),
    OTEL_METRIC_EXPORT_TIMEOUT: String(INTERVAL_MS),
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_BLRP_SCHEDULE_DELAY: '200',
  };
}
