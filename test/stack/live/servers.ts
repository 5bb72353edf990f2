import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startThrowawayRedis } from '../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../setup/throwawayServer.js';
import { startHandoffServer } from './programs/handoffServer.js';
import type { LiveProgram } from './programs/liveProgram.js';
import { startAgent, startToolServer } from './programs/telemetryPrograms.js';

/** Names of the services, which are `job` in Prometheus. */
export const services = { handoff: 'live-handoff', tools: 'live-tools', agent: 'live-agent' } as const;

/** What is observed: servers, a client, and their databases. */
export interface Servers {
  readonly postgres: ThrowawayServer;
  readonly redis: ThrowawayServer;
  readonly handoff: LiveProgram<'mcp' | 'admin'>;
  readonly handoffUrl: string;
  readonly tools: LiveProgram<'mcp'>;
  readonly agent: LiveProgram<never>;
}

export async function startServers(logFolder: string, otlpUrl: string, cleanUp: AsyncDisposableStack): Promise<Servers> {
  const [postgres, redis] = await Promise.all([
    startThrowawayPostgres().then((server) => cleanUp.use(server)),
    startThrowawayRedis().then((server) => cleanUp.use(server)),
  ]);
  const handoff = cleanUp.use(
    await startHandoffServer({
      name: services.handoff,
      logFolder,
      otlpUrl,
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      // Short, so that what a fault exhausts is soon given up.
      env: { HANDOFF_PG_POOL_SIZE: '4', HANDOFF_PG_CONNECT_TIMEOUT_MS: '1000', HANDOFF_PG_STATEMENT_TIMEOUT_MS: '3000' },
    }),
  );
  const tools = cleanUp.use(await startToolServer({ name: services.tools, logFolder, otlpUrl, databaseUrl: postgres.url }));
  const handoffUrl = `${handoff.url('mcp')}/mcp`;
  const agent = cleanUp.use(await startAgent({ name: services.agent, logFolder, otlpUrl, toolsUrl: tools.url('mcp'), handoffUrl }));
  return { postgres, redis, handoff, handoffUrl, tools, agent };
}
