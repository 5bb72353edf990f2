import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { DATABASE_VARIABLE, REDIS_VARIABLE, TEMPLATE_VARIABLE, databaseUrl } from './services.js';
import { TestServiceError } from './testServiceError.js';
import { startThrowawayPostgres } from './throwawayPostgres.js';
import { startThrowawayRedis } from './throwawayRedis.js';
import type { ThrowawayServer } from './throwawayServer.js';

const ANSWER_TIMEOUT_MS = 10_000;

interface Service {
  readonly name: string;
  readonly variable: string;
  readonly check: (url: string) => Promise<void>;
  readonly start: () => Promise<ThrowawayServer>;
}

const SERVICES: readonly Service[] = [
  {
    name: 'PostgreSQL',
    variable: DATABASE_VARIABLE,
    check: checkPostgres,
    // Twenty processes with a pool of ten each is a test of ours.
    start: () => startThrowawayPostgres({ settings: { max_connections: '300' } }),
  },
  { name: 'Redis', variable: REDIS_VARIABLE, check: checkRedis, start: () => startThrowawayRedis() },
];

/** Vitest's hook: runs once, before the first worker, when a selected test may need a server. */
export async function setup(): Promise<() => Promise<void>> {
  try {
    const teardown = await provideServices();
    const template = `handoff_template_${randomBytes(8).toString('hex')}`;
    process.env[TEMPLATE_VARIABLE] = template;
    return async () => {
      await dropTemplate(template);
      await teardown();
    };
  } catch (error) {
    if (!(error instanceof TestServiceError)) throw error;
    // Thrown, Vitest buries the sentence under "No test files found" and stack traces.
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** A server that was started for this run goes with all that is in it; one that was given goes on. */
async function dropTemplate(name: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  client.on('error', () => undefined); // reported by the call below
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${name}`);
  await client.end();
}

/** Uses or starts every server and sets its variable. Returns what ends those that were started here. */
export async function provideServices(): Promise<() => Promise<void>> {
  const outcomes = await Promise.allSettled(SERVICES.map(provide));
  const teardown = async (): Promise<void> => {
    await Promise.all(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value()] : [])));
  };
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length === 0) return teardown;
  await teardown();
  if (failures.length === 1) throw failures[0];
  throw new TestServiceError(failures.map((failure) => (failure instanceof Error ? failure.message : String(failure))).join('\n'));
}

async function provide({ name, variable, check, start }: Service): Promise<() => Promise<void>> {
  const url = process.env[variable];
  if (!url) {
    const server = await start();
    process.env[variable] = server.url;
    return async () => {
      delete process.env[variable];
      await server.stop();
    };
  }
  try {
    await check(url);
  } catch (cause) {
    throw new TestServiceError(
      `${variable} is set, but no ${name} answers there (${reasonOf(cause)}): start that server, or unset ${variable} and the tests start one of their own.`,
      { cause },
    );
  }
  return async () => undefined;
}

async function checkPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_TIMEOUT_MS });
  client.on('error', () => undefined); // reported by the call below
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: ANSWER_TIMEOUT_MS,
    commandTimeout: ANSWER_TIMEOUT_MS,
  });
  let lastError: unknown;
  client.on('error', (error) => (lastError = error)); // says more than the "Connection is closed" of the call
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw lastError ?? error;
  } finally {
    client.disconnect();
  }
}

function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}
