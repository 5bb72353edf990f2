import type { Attributes } from '@opentelemetry/api';
import { safeAddress, safeNamespace } from '../../../telemetry/guard/databasePlace.js';
import * as semconv from '../../../telemetry/semconv.js';
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

  of(client: PgClient): Place {
    const known = this.#known.get(client);
    if (known !== undefined) return known;
    const place = createPlace(safeNamespace(client.database), safeAddress(client.host), client.port);
    this.#known.set(client, place);
    return place;
  }
}

/** Creates a place; without an address only the database is known: a pool that never got a client. */
export function createPlace(namespace: string | undefined, address?: string, port?: unknown): Place {
  const own: Attributes = {
    [semconv.ATTR_DB_SYSTEM_NAME]: SYSTEM,
    ...(namespace === undefined ? {} : { [semconv.ATTR_DB_NAMESPACE]: namespace }),
  };
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
        labels: Object.freeze({ ...own, [semconv.ATTR_DB_OPERATION_NAME]: verb }),
      };
      byVerb.set(verb, made);
      return made;
    },
  };
}
