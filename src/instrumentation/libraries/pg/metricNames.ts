import { VALUE_OTHER } from '../../../telemetry/semconv.js';

/** The SDK allows 2000 series of an instrument by default, and a name has two of them in `db.client.connection.count`. */
const MAX_NAMES = 500;

/**
 * The names of databases in metrics: of a host with a database for each of its tenants, say, the first ones that were seen, and `_OTHER`
 * for those that come later. The SDK keeps every series that it has had, and adds those beyond its limit up to no sensible number.
 */
export class MetricNames {
  readonly #names = new Set<string>();

  of(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= MAX_NAMES) return VALUE_OTHER;
    this.#names.add(name);
    return name;
  }
}
