import pg from 'pg';
import { expect } from 'vitest';
import type { AppendOutcome } from '../../../../../src/handoff/sessions/appendContext.js';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import type { Sessions } from '../../../../../src/handoff/sessions/sessions.js';
import type { Clock } from '../../../../../src/time/clock.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { Recording } from '../../../../unit/telemetry/recording.js';

export const ALONE = 'handoff_insert_entry';
export const TOGETHER = 'handoff_insert_entries';

/** An entry with the content `gate 7` is stored once nobody holds the advisory lock 7. */
const GATES = [
  `CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF NEW.content LIKE 'gate %' THEN PERFORM pg_advisory_xact_lock(split_part(NEW.content, ' ', 2)::int); END IF;
     RETURN NEW;
   END $$`,
  'CREATE TRIGGER gates BEFORE INSERT ON context_history FOR EACH ROW EXECUTE FUNCTION wait_at_gate()',
];

/** Sessions over a single connection, and a second client that can keep statements on it waiting. */
export class AppendLab {
  readonly fixture: HandoffFixture;
  readonly keeper: pg.Client;
  recording = new Recording();
  sessions: Sessions;

  private constructor(fixture: HandoffFixture, keeper: pg.Client) {
    this.fixture = fixture;
    this.keeper = keeper;
    this.sessions = this.servicesWith();
  }

  static async open(): Promise<AppendLab> {
    const fixture = await handoffFixture({ poolSize: 1 });
    for (const statement of GATES) await fixture.sql(statement);
    const keeper = new pg.Client({ connectionString: fixture.database.pool.options.connectionString });
    await keeper.connect();
    return new AppendLab(fixture, keeper);
  }

  async dispose(): Promise<void> {
    await this.keeper.end();
    await this.fixture.dispose();
  }

  /** Opens all gates, and begins with new services and new telemetry. */
  async renew(): Promise<void> {
    await this.keeper.query('SELECT pg_advisory_unlock_all()');
    await this.recording.dispose();
    this.recording = new Recording();
    this.sessions = this.servicesWith();
    this.fixture.sent.length = 0;
  }

  servicesWith(options: { readonly clock?: Clock } = {}): Sessions {
    const { tracer, meter, log } = this.recording;
    return createHandoffServices({ database: this.fixture.database, cache: this.fixture.cache, tracer, meter, log, ...options }).sessions;
  }

  close(gate: number): Promise<unknown> {
    return this.keeper.query('SELECT pg_advisory_lock($1)', [gate]);
  }

  open(gate: number): Promise<unknown> {
    return this.keeper.query('SELECT pg_advisory_unlock($1)', [gate]);
  }

  async register(...keys: readonly string[]): Promise<void> {
    for (const sessionKey of keys) await this.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  }

  append(sessionKey: string, content: string, from = this.sessions): Promise<AppendOutcome> {
    const metadata = { note: 'with "quotes", {braces}, \\ and NULL' };
    return from.append({ sessionKey, contextType: 'message', content, metadata, agent: 'writer' });
  }

  /** The processes that wait for a lock, as soon as there are any. */
  async waiters(): Promise<number[]> {
    await expect.poll(() => this.#pidsThatWait(), { timeout: 10_000 }).not.toEqual([]);
    return this.#pidsThatWait();
  }

  async #pidsThatWait(): Promise<number[]> {
    const rows = await this.fixture.sql<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return rows.map(({ pid }) => pid);
  }

  /** Makes calls while the only connection is in use, so that they wait for it together. `sent` then has their statements. */
  async whileBusy(calls: () => readonly Promise<AppendOutcome>[]): Promise<PromiseSettledResult<AppendOutcome>[]> {
    await this.register('busy');
    await this.close(1);
    const first = this.append('busy', 'gate 1');
    await this.waiters();
    this.fixture.sent.length = 0;
    const made = Promise.allSettled(calls());
    await this.open(1);
    await first;
    return made;
  }

  /** Entries of a session but the first, each with its number. */
  async contents(sessionKey: string): Promise<string[]> {
    const rows = await this.fixture.sql<{ line: string }>(
      "SELECT sequence_number || ' ' || content AS line FROM context_history h JOIN sessions s ON s.id = h.session_id WHERE session_key = $1 AND sequence_number > 1 ORDER BY sequence_number",
      [sessionKey],
    );
    return rows.map(({ line }) => line);
  }
}

/** The number that each call got, or what became of it. */
export function numbers(results: readonly PromiseSettledResult<AppendOutcome>[]): unknown[] {
  return results.map((result) =>
    result.status === 'rejected' ? 'rejected' : result.value.kind === 'appended' ? result.value.entry.sequenceNumber : result.value.kind,
  );
}
