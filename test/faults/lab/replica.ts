import { join } from 'node:path';
import { answers, LiveProgram } from '../../stack/live/programs/liveProgram.js';

const cli = join(import.meta.dirname, '../../../dist/cli.js');

/** One replica: the built server, over HTTP, in a process of its own. */
export type Replica = LiveProgram<'mcp' | 'admin'>;

/** How often the servers look at themselves here; by default it is every 30 s. */
export const HEALTH_INTERVAL_MS = 2000;

/** Where there is no collector, nothing is sent. */
const ONLY_SCRAPED = { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'prometheus' };

export function startReplica(name: string, env: Readonly<Record<string, string>>, logFolder: string): Promise<Replica> {
  return LiveProgram.start<'mcp' | 'admin'>({
    name,
    logFolder,
    ports: ['mcp', 'admin'],
    launch: ({ mcp, admin }) => ({
      command: process.execPath,
      args: [cli, 'serve'],
      env: {
        HANDOFF_HTTP_PORT: String(mcp),
        HANDOFF_ADMIN_PORT: String(admin),
        HANDOFF_HEALTH_CHECK_INTERVAL_MS: String(HEALTH_INTERVAL_MS),
        ...(env['OTEL_EXPORTER_OTLP_ENDPOINT'] === undefined ? ONLY_SCRAPED : {}),
        ...env,
      },
    }),
    probe: ({ admin }) => answers(`http://127.0.0.1:${admin}/readyz`),
  });
}
