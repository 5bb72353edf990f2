import type { Attributes } from '@opentelemetry/api';
import { safeNamespace } from '../../../telemetry/guard/databasePlace.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { MetricNames } from './metricNames.js';
import { createPlace } from './place.js';
import type { Place } from './place.js';
import { isRecord } from '../../../values/guards.js';
import type { PgClient, PgPool } from './pgTypes.js';

/** The conventions' fallback when nothing distinguishes pools. */
const UNNAMED = 'postgresql';

/** One pool, under the name the conventions give to pools without one: that of the database. */
export class KnownPool {
  #place: Place | undefined;
  #labels: Attributes = Object.freeze({});
  #isCertain = false;
  readonly #names: MetricNames;

  constructor(names: MetricNames) {
    this.#names = names;
  }

  get place(): Place {
    return (this.#place ??= createPlace(this.#names, undefined));
  }

  /** As metrics have it. */
  get name(): string {
    const { namespace } = this.place;
    return namespace === undefined ? UNNAMED : this.#names.of(namespace);
  }

  /** One object per pool, never changed, so that instruments need not copy it. */
  get labels(): Attributes {
    return this.#labels;
  }

  /**
   * Takes the name from the pool's first client, which knows what URL, environment and defaults resolved to; until there is one,
   * from the options. Cheap once a client has been seen.
   */
  learn(pool: PgPool): void {
    if (this.#isCertain) return;
    const [client] = Array.isArray(pool._clients) ? (pool._clients as unknown[]) : [];
    const database = isRecord(client) ? (client as PgClient).database : undefined;
    const namespace = safeNamespace(database);
    this.#isCertain = namespace !== undefined;
    this.#place = createPlace(this.#names, namespace ?? fromOptions(pool));
    this.#labels = Object.freeze({ [semconv.ATTR_DB_CLIENT_CONNECTION_POOL_NAME]: this.name });
  }
}

function fromOptions({ options }: PgPool): string | undefined {
  const named = safeNamespace(options?.database);
  const url = options?.connectionString;
  if (named !== undefined || typeof url !== 'string' || !URL.canParse(url)) return named;
  return safeNamespace(new URL(url).pathname.slice(1));
}

interface Met {
  readonly known: KnownPool;
  /** What was seen first: the pool, or a proxy in front of it. */
  readonly pool: PgPool;
}

/**
 * Every pool that has since been asked for a client, created before us or after. Retains none of them: one that the host drops
 * disappears, as does one that ended.
 */
export class KnownPools {
  /** By what a pool and all proxies of it share. What was seen first stays reachable for as long as that does, and no longer. */
  readonly #met = new WeakMap<object, Met>();
  readonly #references = new Set<WeakRef<PgPool>>();
  readonly #names: MetricNames;
  readonly #collected = new FinalizationRegistry<WeakRef<PgPool>>((reference) => this.#references.delete(reference));

  constructor(names: MetricNames) {
    this.#names = names;
  }

  get(pool: PgPool): KnownPool | undefined {
    return this.#met.get(identityOf(pool))?.known;
  }

  add(pool: PgPool): KnownPool {
    const known = new KnownPool(this.#names);
    known.learn(pool);
    this.#met.set(identityOf(pool), { known, pool });
    const reference = new WeakRef(pool);
    this.#references.add(reference);
    this.#collected.register(pool, reference);
    return known;
  }

  /** Returns the pools that have not ended. */
  open(): readonly (readonly [PgPool, KnownPool])[] {
    return this.all().filter(([pool]) => !hasEnded(pool));
  }

  all(): readonly (readonly [PgPool, KnownPool])[] {
    return [...this.#references].flatMap((reference) => {
      const pool = reference.deref();
      const known = pool === undefined ? undefined : this.get(pool);
      return pool === undefined || known === undefined ? [] : [[pool, known] as const];
    });
  }
}

/** A host may put a proxy in front of a pool, for each request even; the pool's own copy of its options is the same through all of them. */
function identityOf(pool: PgPool): object {
  const { options } = pool;
  return isRecord(options) ? options : pool;
}

function hasEnded(pool: PgPool): boolean {
  return pool.ended === true || (pool.ending === true && pool.totalCount === 0);
}
