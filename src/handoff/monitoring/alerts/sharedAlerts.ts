import type { Clock } from '../../../time/clock.js';
import { TimedOut, within } from '../../../time/within.js';
import { keyOf } from '../../notification/alertNotice.js';
import type { Database } from '../../storage/database.js';
import { hasAlerts, lockAlerts, syncAlerts } from '../sql/syncAlerts.js';
import type { AlertChangeRow } from '../sql/syncAlerts.js';
import type { AlertChange, Breach, OwnEnd } from './breach.js';

export interface SharedAlertsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly server: string;
  /** Told when there is something to agree on and the database is away. Must not throw. */
  readonly onAlone: (error: unknown) => void;
  /** How long the database may take, in milliseconds. Default 5000: telling people must not wait for one that hangs. */
  readonly limitMs?: number;
}

/** Why an alert is over, by its name. */
type EndOf = (name: string) => OwnEnd;

const LIMIT_MS = 5000;

/**
 * What the servers of a database know of alerts together. Each brings its own breaches, and learns which beginnings and ends it falls to it
 * to tell: one server tells each. While the database is away every server tells of its own by itself, and what it has told then it does
 * not tell again.
 */
export class SharedAlerts {
  readonly #options: SharedAlertsOptions;
  /** Breaches of this server that the database knows of. */
  #shared = new Map<string, { readonly startsAtMs: number; readonly name: string; readonly scope: string }>();
  /** Beginnings and ends that were told without it. */
  readonly #alone = new Map<string, AlertChange>();
  readonly #endedAlone = new Set<string>();
  /** What a question that took too long came to. Until it has, no other is asked: overtaken, it would undo the later one. */
  #late: readonly AlertChangeRow[] = [];
  #isAsking = false;

  constructor(options: SharedAlertsOptions) {
    this.#options = options;
  }

  /**
   * Resolves with what this server is to tell. Never rejects.
   *
   * @param breaches all of this server, by key
   * @param lastsMs for how long they count without another word
   * @param causeOf why a breach, by its alert, that is not among them any more has ended
   */
  async sync(breaches: ReadonlyMap<string, Breach>, lastsMs: number, causeOf: EndOf): Promise<readonly AlertChange[]> {
    let rows: readonly AlertChangeRow[];
    try {
      rows = await this.#askInTime(breaches, lastsMs);
    } catch (error) {
      if (breaches.size + this.#shared.size + this.#alone.size > 0) this.#options.onAlone(error);
      return this.#changesAlone(breaches, causeOf);
    }
    const changes = rows.flatMap((row) => this.#changeOf(row, breaches, causeOf));
    const endedWithout = [...this.#alone.values()].filter(({ key }) => !breaches.has(key)).map((change) => ended(change, causeOf));
    const nowMs = this.#options.clock.nowMs();
    this.#shared = new Map(
      [...breaches].map(([key, { name, scope, sinceMs }]) => [key, { name, scope, startsAtMs: nowMs - this.#ageMs(sinceMs) }]),
    );
    this.#alone.clear();
    this.#endedAlone.clear();
    return [...changes, ...endedWithout];
  }

  async #askInTime(breaches: ReadonlyMap<string, Breach>, lastsMs: number): Promise<readonly AlertChangeRow[]> {
    if (this.#isAsking) throw new TimedOut(this.#options.limitMs ?? LIMIT_MS);
    this.#isAsking = true;
    let isLate = false;
    const asking = this.#ask(breaches, lastsMs).finally(() => {
      this.#isAsking = false;
    });
    const noted = asking.then((rows) => {
      if (isLate) this.#late = [...this.#late, ...rows];
      return rows;
    });
    try {
      const rows = await within(this.#options.limitMs ?? LIMIT_MS, () => noted);
      const late = this.#late;
      this.#late = [];
      return [...late, ...rows];
    } catch (error) {
      isLate = true;
      throw error;
    }
  }

  async #ask(breaches: ReadonlyMap<string, Breach>, lastsMs: number): Promise<readonly AlertChangeRow[]> {
    const { database, server } = this.#options;
    if (breaches.size === 0 && (await database.query<{ present: boolean }>(hasAlerts))[0]?.present !== true) return [];
    const items = [...breaches.values()].map(({ name: alert, scope, value, threshold, sinceMs }) => ({
      alert,
      scope,
      value,
      threshold,
      age_ms: this.#ageMs(sinceMs),
    }));
    return database.transaction(async (q) => {
      await q.query(lockAlerts);
      return q.query<AlertChangeRow>(syncAlerts, [server, JSON.stringify(items), lastsMs]);
    });
  }

  #ageMs(sinceMs: number): number {
    return Math.max(0, this.#options.clock.monotonicMs() - sinceMs);
  }

  #changeOf(row: AlertChangeRow, breaches: ReadonlyMap<string, Breach>, causeOf: EndOf): AlertChange[] {
    const { change, alert: name, scope, started_at: startedAt, was_mine: wasMine } = row;
    const key = keyOf({ name, scope });
    const breach = breaches.get(key);
    // Told of without the database, as its end is too: an end in the answer is that of an earlier time.
    if (this.#alone.has(key)) return [];
    // A late answer may be about a breach that is over.
    if (change === 'raised' ? breach === undefined : this.#endedAlone.has(key)) return [];
    const facts = { change, key, name, scope, startsAtMs: startedAt.getTime() };
    if (change === 'raised') return [{ ...facts, ...(breach === undefined ? {} : { breach }) }];
    return [{ ...facts, cause: wasMine ? causeOf(name) : 'expired' }];
  }

  #changesAlone(breaches: ReadonlyMap<string, Breach>, causeOf: EndOf): readonly AlertChange[] {
    const nowMs = this.#options.clock.nowMs();
    const begun: AlertChange[] = [...breaches]
      .filter(([key]) => !this.#shared.has(key) && !this.#alone.has(key))
      .map(([key, breach]) => {
        const { name, scope, sinceMs } = breach;
        return { change: 'raised', key, name, scope, startsAtMs: nowMs - this.#ageMs(sinceMs), breach };
      });
    for (const change of begun) this.#alone.set(change.key, change);
    const over: AlertChange[] = [];
    for (const [key, known] of this.#shared) {
      if (breaches.has(key)) continue;
      this.#shared.delete(key);
      this.#endedAlone.add(key);
      over.push({ change: 'cleared', key, ...known, cause: causeOf(known.name) });
    }
    for (const [key, change] of this.#alone) {
      if (breaches.has(key)) continue;
      this.#alone.delete(key);
      // What was asked before may still bring it to the database.
      this.#endedAlone.add(key);
      over.push(ended(change, causeOf));
    }
    return [...begun, ...over];
  }
}

function ended({ key, name, scope, startsAtMs }: AlertChange, causeOf: EndOf): AlertChange {
  return { change: 'cleared', key, name, scope, startsAtMs, cause: causeOf(name) };
}
