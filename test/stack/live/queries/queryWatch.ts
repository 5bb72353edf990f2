import { judge } from './judge.js';
import { keyOf, type NamedQuery } from './namedQuery.js';
import type { PrometheusApi } from './prometheusApi.js';

const AT_ONCE = 8;

/** Asks every query of both Prometheus, again and again, until each has returned what it should. */
export class QueryWatch {
  readonly #queries: readonly NamedQuery[];
  readonly #apis: readonly PrometheusApi[];
  /** What was wrong with a query when it was last asked, by `prometheus key`. */
  readonly #open = new Map<string, string>();

  constructor(queries: readonly NamedQuery[], apis: readonly PrometheusApi[]) {
    this.#queries = queries;
    this.#apis = apis;
    for (const { name } of apis) for (const query of queries) this.#open.set(placeOf(name, query), 'never asked');
  }

  /** Asks those that have not returned what they should. @throws Error if Prometheus refuses a query. */
  async ask(): Promise<void> {
    await Promise.all(
      this.#apis.map(async (api) => {
        const asked = this.#queries.filter((query) => this.#open.has(placeOf(api.name, query)));
        for (let from = 0; from < asked.length; from += AT_ONCE) {
          await Promise.all(asked.slice(from, from + AT_ONCE).map((query) => this.#askOne(api, query)));
        }
      }),
    );
  }

  async #askOne(api: PrometheusApi, query: NamedQuery): Promise<void> {
    const problem = judge(query, await api.query(query.text));
    if (problem === undefined) this.#open.delete(placeOf(api.name, query));
    else this.#open.set(placeOf(api.name, query), problem);
  }

  /** Queries that have returned nothing in one Prometheus or the other, by key. */
  get empty(): string[] {
    return this.#keys((problem) => problem === 'empty');
  }

  /** What is wrong with what queries returned. */
  get wrong(): string[] {
    return [...this.#open].filter(([, problem]) => problem !== 'empty').map(([place, problem]) => `${place}: ${problem}`);
  }

  /** Asks these again, even if they have returned what they should. */
  reopen(keys: readonly string[]): void {
    for (const { name } of this.#apis) {
      for (const query of this.#queries.filter((candidate) => keys.includes(keyOf(candidate)))) {
        this.#open.set(placeOf(name, query), 'not asked again');
      }
    }
  }

  /**
   * What has not returned what it should, among the keys that `isMeant` chooses, with what was wrong the last time. Queries in `onlyFirst`
   * need to return it in the first Prometheus only.
   */
  open(onlyFirst: readonly string[], isMeant: (key: string) => boolean): string[] {
    return [...this.#open]
      .filter(([place]) => {
        const key = place.slice(place.indexOf(' ') + 1);
        return isMeant(key) && (place.startsWith(`${this.#apis[0]?.name ?? ''} `) || !onlyFirst.includes(key));
      })
      .map(([place, problem]) => `${place}: ${problem}`);
  }

  #keys(has: (problem: string) => boolean): string[] {
    const keys = [...this.#open].filter(([, problem]) => has(problem)).map(([place]) => place.slice(place.indexOf(' ') + 1));
    return [...new Set(keys)].toSorted();
  }

  /** Number of queries by group, and how many of them have returned data in both. */
  counts(): { group: string; queries: number; answered: number }[] {
    const groups = [...new Set(this.#queries.map(({ group }) => group))];
    return groups.map((group) => {
      const own = this.#queries.filter((query) => query.group === group);
      const answered = own.filter((query) => this.#apis.every(({ name }) => !this.#open.has(placeOf(name, query))));
      return { group, queries: own.length, answered: answered.length };
    });
  }
}

const placeOf = (api: string, query: NamedQuery): string => `${api} ${keyOf(query)}`;
