import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';
import { startOtlpCounter } from './otlpCounter.js';
import type { OtlpCounter } from './otlpCounter.js';
import { StdioServer } from './stdioServer.js';

export interface LabOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** Told what is being done; a bench without a sign of life is taken for a hung one. */
  readonly progress: (line: string) => void;
}

/** What every scenario measures with. */
export interface Lab extends LabOptions {
  /** PostgreSQL as it comes: fsync, full_page_writes and synchronous_commit on. */
  readonly postgres: ThrowawayServer;
  /** Connections a server opens to PostgreSQL: its default. */
  readonly poolSize: number;
  emptyDatabase(): Promise<FreshDatabase>;
  /** Receives the telemetry of one scenario. */
  startCounter(): Promise<OtlpCounter>;
  close(): Promise<void>;
}

const DEFAULT_POOL_SIZE = 10;

export async function openLab(options: LabOptions): Promise<Lab> {
  const postgres = await startThrowawayPostgres({ durability: 'postgres-default' });
  return {
    ...options,
    postgres,
    poolSize: DEFAULT_POOL_SIZE,
    emptyDatabase: () => freshDatabase(postgres.url),
    startCounter: startOtlpCounter,
    close: () => postgres.stop(),
  };
}

/** Starts a stdio server that sends full telemetry to `counter`, and initializes it. */
export async function startInstrumented(
  { database, counter }: { readonly database: FreshDatabase; readonly counter: OtlpCounter },
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
): Promise<StdioServer> {
  const server = new StdioServer({
    nodeArgs,
    env: {
      DATABASE_URL: database.url,
      ...fullTelemetry(counter),
      ...env,
    },
  });
  await server.initialize();
  return server;
}

/** What "telemetry on" means: all signals, every trace, sent to `counter`. */
export function fullTelemetry(counter: OtlpCounter): Readonly<Record<string, string>> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: counter.url, OTEL_TRACES_SAMPLER: 'always_on', ...WITHOUT_JOBS };
}

/** Their spans and log records come when it suits them: with them nobody could tell whether all of the calls' arrived. */
const WITHOUT_JOBS = { HANDOFF_JOBS_ENABLED: 'false' } as const;

/** What "telemetry off" means: nothing of the SDK is loaded. Log lines are still written. */
export const TELEMETRY_OFF = { OTEL_SDK_DISABLED: 'true' } as const;
