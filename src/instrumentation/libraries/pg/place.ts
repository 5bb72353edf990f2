import type { Attributes } from '@opentelemetry/api';
import { safeAddress, safeNamespace } from '../../../telemetry/guard/databasePlace.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { MetricNames } from './metricNames.js';
import type { PgClient } from './pgTypes.js';

const SYSTEM = 'postgresql';

/** The database a client talks to, as attributes: computed once per client, not per query. */
export interface Place {
  readonly namespace: string | undefined;
  /** Attributes that every span of the client has. */
  readonly attributes: Attributes;
  /** Returns a span's name, and the metric's labels for a query that succeeded. */
  statement(verb: string): { readonly name: string; readonly labels: Attributes };
}

export class Places {
  readonly #known = new WeakMap<object, Place>();
  readonly #names: MetricNames;

  constructor(names: MetricNames) {
    this.#names = names;
  }

  of(client: PgClient): Place {
    const known = this.#known.get(client);
    if (known !== undefined) return known;
    const place = createPlace(this.#names, safeNamespace(client.database), safeAddress(client.host), client.port);
    this.#known.set(client, place);
    return place;
  }
}

/** Creates a place; without an address only the database is known: a pool that never got a client. */
export function createPlace(names: MetricNames, namespace: string | undefined, address?: string, port?: unknown): Place {
  const own = inNamespace(namespace);
  const inMetrics = inNamespace(namespace === undefined ? undefined : names.of(namespace));
  const byVerb = new Map<string, { readonly name: string; readonly labels: Attributes }>();
  return {
    namespace,
    attributes: {
      ...own,
      ...(address === undefined ? {} : { [semconv.ATTR_SERVER_ADDRESS]: address }),
      ...(typeof port === 'number' && Number.isInteger(port) ? { [semconv.ATTR_SERVER_PORT]: port } : {}),
    },
    // Verbs are from a fixed set, so this cannot grow without bound.
    statement: (verb) => {
      const known = byVerb.get(verb);
      if (known !== undefined) return known;
      const made = {
        name: namespace === undefined ? verb : `${verb} ${namespace}`,
        labels: Object.freeze({ ...inMetrics, [semconv.ATTR_DB_OPERATION_NAME]: verb }),
      };
      byVerb.set(verb, made);
      return made;
    },
  };
}

function inNamespace(namespace: string | undefined): Attributes {
  return { [semconv.ATTR_DB_SYSTEM_NAME]: SYSTEM, ...(namespace === undefined ? {} : { [semconv.ATTR_DB_NAMESPACE]: namespace }) };
}
