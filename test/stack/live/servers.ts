import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startThrowawayRedis } from '../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';
import { startHandoffServer } from './programs/handoffServer.js';
import { startFrailHandoff } from './programs/frailHandoff.js';
import type { FrailHandoff } from './programs/frailHandoff.js';
import type { LiveProgram } from './programs/liveProgram.js';
import { startAgent, startToolServer } from './programs/telemetryPrograms.js';

/** Names of the services, which are `job` in Prometheus. */
export const services = {
  handoff: 'live-handoff',
  tools: 'live-tools',
  agent: 'live-agent',
  /** Their only traffic is what a fault makes of it. */
  unluckyHandoff: 'live-unlucky-handoff',
  frailHandoff: 'live-frail-handoff',
  unluckyTools: 'live-unlucky-tools',
  slowTools: 'live-slow-tools',
  /** Its telemetry is badly set up. */
  misled: 'live-misled',
} as const;

/** What is observed: servers, a client, and their databases. */
export interface Servers {
  readonly postgres: ThrowawayServer;
  readonly redis: ThrowawayServer;
  readonly handoff: LiveProgram<'mcp' | 'admin'>;
  readonly tools: LiveProgram<'mcp'>;
  readonly agent: LiveProgram<never>;
  /** Where the handoff servers archive sessions. */
  readonly archiveFolder: string;
  readonly unluckyHandoff: LiveProgram<'mcp' | 'admin'>;
  readonly frail: FrailHandoff;
  readonly unluckyTools: LiveProgram<'mcp'>;
  readonly slowTools: LiveProgram<'mcp'>;
  readonly misled: LiveProgram<'mcp'>;
}

/** Far more than the database has, unless a fault fills it. */
export const STORAGE_LIMIT_BYTES = 200_000_000;
/** Short, so that what a fault exhausts is soon given up. */
const IMPATIENT = {
  HANDOFF_PG_POOL_SIZE: '4',
  HANDOFF_PG_CONNECT_TIMEOUT_MS: '1000',
  HANDOFF_PG_STATEMENT_TIMEOUT_MS: '800',
};

export async function startServers(logFolder: string, otlpUrl: string, cleanUp: AsyncDisposableStack): Promise<Servers> {
  const [postgres, redis] = await Promise.all([
    startThrowawayPostgres().then((server) => cleanUp.use(server)),
    startThrowawayRedis().then((server) => cleanUp.use(server)),
  ]);
  const archiveFolder = mkdtempSync(join(tmpdir(), 'handoff-stack-archive-'));
  cleanUp.defer(() => rmSync(archiveFolder, { recursive: true, force: true }));
  const archiving = { HANDOFF_ARCHIVE_DIR: archiveFolder };
  const common = { logFolder, otlpUrl };
  const handoffServer = (name: string, env: Readonly<Record<string, string>>): ReturnType<typeof startHandoffServer> =>
    startHandoffServer({ ...common, name, databaseUrl: postgres.url, redisUrl: redis.url, env }).then((server) => cleanUp.use(server));
  const toolServer = (name: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof startToolServer> =>
    startToolServer({ ...common, name, databaseUrl: postgres.url, env }).then((server) => cleanUp.use(server));

  // One after the other: in the press of all starting at once, those with little patience would find no connection in time.
  const handoff = await handoffServer(services.handoff, { ...IMPATIENT, ...archiving, HANDOFF_JOBS_ENABLED: 'false' });
  // The jobs of both are its own: a job that runs here and there would not run often enough in either.
  const unluckyHandoff = await handoffServer(services.unluckyHandoff, {
    ...IMPATIENT,
    ...archiving,
    HANDOFF_HTTP_MAX_OPEN_ANSWERS: '40',
    HANDOFF_STORAGE_LIMIT_BYTES: String(STORAGE_LIMIT_BYTES),
  });
  const frail = await startFrailHandoff(
    { ...common, name: services.frailHandoff, databaseUrl: postgres.url, redisUrl: redis.url },
    cleanUp,
  );
  const [tools, unluckyTools, slowTools, misled] = await Promise.all([
    toolServer(services.tools),
    toolServer(services.unluckyTools),
    toolServer(services.slowTools),
    toolServer(services.misled, {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${otlpUrl}/nowhere`,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${otlpUrl}/nowhere`,
      OTEL_BSP_MAX_QUEUE_SIZE: '8',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '8',
      OTEL_BLRP_MAX_QUEUE_SIZE: '8',
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '8',
    }),
  ]);
  const urls = { toolsUrl: tools.url('mcp'), handoffUrl: `${handoff.url('mcp')}/mcp` };
  const agent = cleanUp.use(await startAgent({ ...common, name: services.agent, ...urls }));
  return { postgres, redis, handoff, tools, agent, archiveFolder, unluckyHandoff, frail, unluckyTools, slowTools, misled };
}
