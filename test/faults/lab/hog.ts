import pg from 'pg';
import { Loop } from '../../stack/live/load/callers.js';

const AGAIN_MS = 20;
/** So many at once, to be quicker than those who want theirs back. */
const AT_ONCE = 16;
const OWN = 'hog';
const TERMINATE_OTHERS = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> '${OWN}'`;

/** A client that takes every connection that a PostgreSQL server has, those of others too, and lets none go until it is disposed of. */
export class Hog implements AsyncDisposable {
  readonly #url: string;
  readonly #held: pg.Client[] = [];
  #loop: Loop | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Takes what nobody has. Resolves when there is nothing left. */
  async takeFree(): Promise<void> {
    while ((await Promise.all(Array.from({ length: AT_ONCE }, () => this.#take()))).includes(true));
  }

  /** Takes those of others too. Resolves when nobody else has a connection; goes on taking what becomes free. */
  async takeAll(): Promise<void> {
    while ((await this.#takeMore()) > 0);
    this.#loop = new Loop(() => this.#takeMore(), AGAIN_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loop?.[Symbol.asyncDispose]();
    await Promise.all(this.#held.splice(0).map((client) => client.end().catch(() => undefined)));
  }

  /** Returns how many others had a connection. */
  async #takeMore(): Promise<number> {
    const others = (await this.#held[0]?.query(TERMINATE_OTHERS))?.rowCount ?? 0;
    await this.takeFree();
    return others;
  }

  async #take(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.#url, application_name: OWN });
    client.on('error', () => undefined);
    try {
      await client.connect();
      this.#held.push(client);
      return true;
    } catch {
      return false;
    }
  }
}
