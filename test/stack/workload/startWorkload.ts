import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { startServer } from '../../setup/serverProcess.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startThrowawayRedis } from '../../setup/throwawayRedis.js';
import { startAgent } from './agentProcess.js';
import type { CallRecord } from './calls.js';
import { startOtherServer } from './otherServerProcess.js';
import { callersErrors, failingCalls, ordinaryRound, refusedRequests, serverLimits, slowCall, withoutCache } from './scenario.js';
import type { Stage } from './scenario.js';

/** How often the processes of the workload export their metrics. */
const EXPORT_INTERVAL_MS = 5000;
/** Between two rounds of calls while others look. */
const PAUSE_MS = 2000;

export interface WorkloadOptions {
  /** Base URL of OTLP/HTTP. */
  readonly otlpEndpoint: string;
  /** Calls are spread over at least this time, so that rates have something to show. */
  readonly durationMs: number;
  readonly progress: (line: string) => void;
}

/** What the workload did, once its processes have ended and delivered their telemetry. */
export interface WorkloadResult {
  /** `service.name` of the handoff server, of the agent and of the other server: nobody else has them. */
  readonly serverName: string;
  readonly agentName: string;
  readonly otherName: string;
  readonly environment: string;
  readonly calls: readonly CallRecord[];
  readonly startedMs: number;
  readonly endedMs: number;
}

/** A workload whose processes still run, so that what is shown of the present is there to see. */
export interface RunningWorkload extends WorkloadResult {
  /** Goes on calling until it is told to stop, so that rates do not fall to nothing. Resolves when the last call is answered. */
  keepCalling(): () => Promise<void>;
  /** Ends the processes. When it resolves, all telemetry has left them. */
  finish(): Promise<WorkloadResult>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts PostgreSQL, Redis, the built server and an instrumented agent, and has the agent do a bit of everything: good calls, errors of
 * callers and of the server, slow calls, refused requests, a lost cache. All telemetry goes to `otlpEndpoint`.
 */
export async function startWorkload({ otlpEndpoint, durationMs, progress }: WorkloadOptions): Promise<RunningWorkload> {
  await using stack = new AsyncDisposableStack();
  const run = randomBytes(4).toString('hex');
  const serverName = `stack-${run}`;
  const agentName = `stack-agent-${run}`;
  const otherName = `stack-other-${run}`;
  const environment = 'stack-test';
  progress('starting PostgreSQL, Redis, two servers and an agent');
  const [postgres, redis] = [stack.use(await startThrowawayPostgres()), stack.use(await startThrowawayRedis())];
  const database = await freshDatabase(postgres.url);
  const telemetry = {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
    OTEL_METRIC_EXPORT_INTERVAL: String(EXPORT_INTERVAL_MS),
    OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${environment},service.version=0.0.0-${run}`,
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
    HANDOFF_FLUSH_TIMEOUT_MS: '20000',
  };
  const server = startServer([], {
    ...telemetry,
    ...serverLimits,
    OTEL_SERVICE_NAME: serverName,
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    HANDOFF_HTTP_PORT: '0',
    HANDOFF_ADMIN_PORT: '0',
  });
  stack.defer(() => void server.child.kill('SIGKILL'));
  const mcpUrl = String((await server.logged('handoff.http.listening'))['url']);
  const other = await startOtherServer({ ...telemetry, OTEL_SERVICE_NAME: otherName });
  stack.defer(() => other.kill());
  const agent = await startAgent([mcpUrl, other.url], { ...telemetry, OTEL_SERVICE_NAME: agentName });
  stack.defer(() => agent.kill());
  const startedMs = Date.now();
  const withoutRedis = async (work: () => Promise<unknown>): Promise<void> => {
    await redis.kill9();
    try {
      await work();
    } finally {
      await redis.start();
    }
  };
  const stage = { agent, mcpUrl, databaseUrl: database.url, withoutRedis };
  await play(stage, run, durationMs, progress);
  const resources = stack.move();
  const result = (): WorkloadResult => ({
    serverName,
    agentName,
    otherName,
    environment,
    calls: agent.calls,
    startedMs,
    endedMs: Date.now(),
  });
  return {
    ...result(),
    keepCalling: () => keepCalling(stage, `${run}-later`),
    finish: async () => {
      await agent.close();
      await other.close();
      const end = await server.kill('SIGTERM');
      if (end.code !== 0)
        throw new Error(`the server ended with ${String(end.code ?? end.signal)}:\n${server.stderr.slice(-20).join('\n')}`);
      return result();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function keepCalling(stage: Stage, key: string): () => Promise<void> {
  const stopping = new AbortController();
  const calling = (async () => {
    for (let round = 0; !stopping.signal.aborted; round += 1) {
      await ordinaryRound(stage, `${key}-${round}`);
      await callersErrors(stage, `${key}-${round}`);
      await wait(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  // It is reported by whoever stops it.
  calling.catch(() => undefined);
  return () => {
    stopping.abort();
    return calling;
  };
}

async function play(stage: Stage, run: string, durationMs: number, progress: (line: string) => void): Promise<void> {
  const endMs = performance.now() + durationMs;
  progress('calls of every kind');
  let round = 0;
  await ordinaryRound(stage, `${run}-${round}`);
  await callersErrors(stage, run);
  await refusedRequests(stage);
  await withoutCache(stage, `${run}-0`);
  progress('a slow call, and calls that fail because the database is locked');
  await slowCall(stage, run);
  await failingCalls(stage, run);
  do {
    round += 1;
    await ordinaryRound(stage, `${run}-${round}`);
    await callersErrors(stage, `${run}-${round}`);
    await refusedRequests(stage);
  } while (performance.now() < endMs);
  progress(`${stage.agent.calls.length} calls made`);
}
