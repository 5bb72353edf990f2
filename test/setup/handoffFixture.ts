import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import type { ClientBase } from 'pg';
import type { Retention } from '../../src/handoff/retention/retention.js';
import type { Archive } from '../../src/handoff/archive/archive.js';
import type { Sessions } from '../../src/handoff/sessions/sessions.js';
import { handoffServerFactory } from '../../src/handoff/server/createHandoffServer.js';
import { refusedInputTo } from '../../src/handoff/server/tools/refusedInput.js';
import { createHandoffServices } from '../../src/handoff/services.js';
import type { HandoffServices, HandoffServicesOptions } from '../../src/handoff/services.js';
import type { Cache } from '../../src/handoff/storage/cache.js';
import type { Database, Queryable } from '../../src/handoff/storage/database.js';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../src/handoff/storage/postgres.js';
import { systemClock } from '../../src/time/clock.js';
import { freshDatabase } from './freshDatabase.js';
import { migratedDatabase } from './migratedDatabase.js';

export const LIMITS = { maxContentBytes: 1_048_576, maxMetadataBytes: 65_536 } as const;

/** A cache whose entries a test can look at, and that can be told to fail as a cache must never do. */
export class OpenCache implements Cache {
  readonly kind = 'memory';
  readonly entries = new Map<string, { readonly value: string; readonly ttlSeconds: number }>();
  failing = false;

  async get(key: string): Promise<string | undefined> {
    this.#failIfTold();
    return this.entries.get(key)?.value;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.#failIfTold();
    this.entries.set(key, { value, ttlSeconds });
  }

  async delete(key: string): Promise<void> {
    this.#failIfTold();
    this.entries.delete(key);
  }

  async close(): Promise<void> {}

  #failIfTold(): void {
    if (this.failing) throw new Error('the cache is broken');
  }
}

export interface HandoffFixture {
  /** Of the database, as a superuser. */
  readonly url: string;
  readonly database: Database;
  readonly cache: OpenCache;
  readonly sessions: Sessions;
  readonly lifecycle: HandoffServices['lifecycle'];
  readonly retention: Retention;
  readonly handoffs: HandoffServices['handoffs'];
  readonly archive: Archive;
  readonly monitoring: HandoffServices['monitoring'];
  readonly analytics: HandoffServices['analytics'];
  readonly log: readonly (readonly [level: string, fields: Record<string, unknown>])[];
  /** What went over the wire since it was last emptied, by statement name, else text. */
  readonly sent: string[];
  /** Runs before each statement of the services whose name it knows; what rivals do between two of ours. */
  readonly before: Map<string, () => Promise<void>>;
  /** SQL of the test's own, not in `sent`. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** A client of a server over these services, in memory. `onAnswer` is told the size of each message the server sends, in bytes. */
  connect(onAnswer?: (bytes: number) => void): Promise<Client>;
  dispose(): Promise<void>;
}

interface FixtureOptions extends Partial<HandoffServicesOptions> {
  /** Default: the server of the test run. */
  readonly serverUrl?: string;
  readonly poolSize?: number;
  readonly prepare?: (url: string) => Promise<void>;
  readonly maxAnswerBytes?: number;
  /** Whether servers offer the tools for operators. */
  readonly adminTools?: boolean;
}

/** A migrated database of its own, the services over it, and servers on demand. */
export async function handoffFixture(options: FixtureOptions = {}): Promise<HandoffFixture> {
  const { serverUrl, poolSize = 20, prepare, maxAnswerBytes, adminTools = false, ...overrides } = options;
  const isPlain = serverUrl === undefined && prepare === undefined;
  const fresh = isPlain ? await migratedDatabase() : await freshDatabase(serverUrl);
  await prepare?.(fresh.url);
  const open = (connectionString: string, size: number): Promise<Database> =>
    createPostgresDatabase(
      { connectionString, poolSize: size },
      { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
    );
  const [database, own] = await Promise.all([open(fresh.url, poolSize), open(fresh.url, 2)]);
  await migrate(own, {}, { clock: systemClock, random: Math.random });

  const sent: string[] = [];
  database.pool.on('connect', (client) => spyOn(client, sent));
  const before: HandoffFixture['before'] = new Map();
  const cache = new OpenCache();
  const log: [string, Record<string, unknown>][] = [];
  const level = (name: string) => (fields: object) => void log.push([name, fields as Record<string, unknown>]);
  const logTo = { info: level('info'), warn: level('warn'), error: level('error') };
  const { sessions, lifecycle, retention, handoffs, archive, monitoring, analytics } = createHandoffServices({
    database: withRivals(database, before),
    cache,
    log: logTo,
    ...overrides,
  });
  const makeServer = handoffServerFactory({
    sessions,
    monitoring,
    analytics,
    adminTools: adminTools ? retention : undefined,
    limits: LIMITS,
    version: '0.0.0',
    onRefusedInput: refusedInputTo(logTo),
    ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }),
  });
  const clients: Client[] = [];
  return {
    url: fresh.url,
    database,
    cache,
    sessions,
    lifecycle,
    retention,
    handoffs,
    archive,
    monitoring,
    analytics,
    log,
    sent,
    before,
    sql: async <Row extends object>(text: string, values: readonly unknown[] = []) => (await own.pool.query<Row>(text, [...values])).rows,
    connect: async (onAnswer) => {
      const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
      if (onAnswer !== undefined) reportSizes(serverEnd, onAnswer);
      await makeServer().connect(serverEnd);
      const client = new Client({ name: 'test', version: '1.0.0' });
      await client.connect(clientEnd);
      clients.push(client);
      return client;
    },
    dispose: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all([database.close(), own.close()]);
      await fresh.drop();
    },
  };
}

function reportSizes(transport: InMemoryTransport, onAnswer: (bytes: number) => void): void {
  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    onAnswer(Buffer.byteLength(JSON.stringify(message)));
    await send(message, options);
  };
}

/** Notes every query of a connection as it leaves, BEGIN and COMMIT included. */
function spyOn(client: ClientBase, sent: string[]): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const noting = (...args: unknown[]): unknown => {
    const [config] = args;
    sent.push(
      typeof config === 'string' ? config : ((config as { name?: string; text: string }).name ?? (config as { text: string }).text),
    );
    return query(...args);
  };
  client.query = noting as typeof client.query;
}

function withRivals(database: Database, before: HandoffFixture['before']): Database {
  const wrap = (queryable: Queryable): Queryable => ({
    query: async (statement, values) => {
      await before.get(statement.name)?.();
      return queryable.query(statement, values);
    },
  });
  return { ...database, ...wrap(database), transaction: (fn) => database.transaction((inner) => fn(wrap(inner))) };
}
