import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import pg from 'pg';
import { coverPg } from '../../../../../src/instrumentation/libraries/pg/coverPg.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { databaseUrl } from '../../../../setup/services.js';
import { Recording } from '../../../../unit/telemetry/recording.js';

const PoolClass = Object.getPrototypeOf(pg.Pool) as typeof pg.Pool;
export const database = (): string => new URL(databaseUrl()).pathname.slice(1);

export interface Point {
  readonly attributes: Attributes;
  /** Of a histogram: how many values it holds, and what they add up to. */
  readonly value: number;
  readonly sum: number;
}

/** pg of this process, covered, with spans and points kept in memory. */
export interface CoveredPg extends AsyncDisposable {
  readonly recording: Recording;
  spans(): readonly ReadableSpan[];
  points(metric: string): Promise<readonly Point[]>;
  /** Ends the covering, as `shutdown()` does. */
  undo(): void;
}

export function coveredPg(recording: Recording = new Recording()): CoveredPg {
  const { tracer, meter } = recording;
  const cover = coverPg({ tracer, meter, clock: systemClock });
  const coverings = [cover.client(pg.Client), cover.pool(PoolClass)];
  const undo = (): void => {
    for (const covering of coverings) covering.undo();
    cover.disable();
  };
  return {
    recording,
    spans: () => recording.spans,
    points: async (metric) => {
      const found = (await recording.metrics()).find(({ descriptor }) => descriptor.name === metric);
      return (found?.dataPoints as readonly DataPoint<number | Histogram>[] | undefined)?.map(simple) ?? [];
    },
    undo,
    [Symbol.asyncDispose]: async () => {
      undo();
      await recording.dispose();
    },
  };
}

function simple({ attributes, value }: DataPoint<number | Histogram>): Point {
  return typeof value === 'number' ? { attributes, value, sum: value } : { attributes, value: value.count, sum: value.sum ?? 0 };
}

/** A pool that is ended with its test. */
export function testPool(config: pg.PoolConfig = {}): pg.Pool & AsyncDisposable {
  const pool = new pg.Pool({ connectionString: databaseUrl(), ...config });
  // A database may be dropped before the last connection to it is quite gone.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return Object.assign(pool, { [Symbol.asyncDispose]: async () => void (pool.ending || (await pool.end())) });
}

/** A connected client that is ended with its test. */
export async function testClient(config: pg.ClientConfig = {}): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: databaseUrl(), ...config });
  client.on('error', () => undefined);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: async () => void (await client.end()) });
}
