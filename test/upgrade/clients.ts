import type pg from 'pg';
import type { Call } from './load.js';

/** How many sessions the filled databases have. */
export const SESSIONS = 50_000;

/** What an earlier server sends: its statements read, choose the number of an entry and write, without a transaction. */
export const earlierServer: Call = async (client, number) => {
  const key = `earlier-while-${number}`;
  const session = await one<{ id: string }>(
    client,
    "INSERT INTO sessions (session_key, agent_from, metadata) VALUES ($1, 'agent-1', '{}') RETURNING id",
    [key],
  );
  await client.query("INSERT INTO session_lifecycle (session_id, event_type, event_data) VALUES ($1, 'created', '{}')", [session.id]);
  for (let entry = 0; entry < 3; entry += 1) {
    await client.query(
      `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes)
       SELECT $1, COALESCE(max(sequence_number), 0) + 1, 'message', 'text', '{}', 4 FROM context_history WHERE session_id = $1`,
      [session.id],
    );
    await client.query('UPDATE sessions SET last_activity_at = now(), is_dormant = false WHERE id = $1', [session.id]);
  }
  await client.query('SELECT * FROM sessions WHERE session_key = $1', [`earlier-${1 + (number % SESSIONS)}`]);
  await client.query(
    "INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels) VALUES ('calls', 1, 'counter', '{\"tool\": \"update_context\"}')",
  );
  await client.query("INSERT INTO performance_logs (operation, duration_ms, success, session_id) VALUES ('add_context', 12, true, $1)", [
    session.id,
  ]);
};

/** A release of ours, by the statements that it sends. */
export interface Release {
  readonly version: string;
  readonly newestMigration: number;
  readonly statements: Readonly<Record<string, string>>;
}

/** What a server of an older release of ours sends for a session that is registered, written to, read, listed and handed over. */
export function olderRelease({ statements }: Release): Call {
  const send = async <Row extends pg.QueryResultRow>(client: pg.PoolClient, name: string, values: readonly unknown[]): Promise<Row> => {
    const { [name]: text } = statements;
    if (text === undefined) throw new Error(`That release has no statement ${name}.`);
    const { rows } = await client.query<Row>({ name, text, values: fitted(name, text, values) });
    const [row] = rows;
    if (row === undefined) throw new Error(`${name} gave no row`);
    return row;
  };
  return async (client, number) => {
    const key = `release-${number}`;
    const { created } = await send<{ created: boolean }>(client, 'handoff_insert_session', [key, 'agent-1', '{}', 24, 'registered', '{}']);
    if (!created) throw new Error(`${key} was there already`);
    for (let entry = 2; entry <= 4; entry += 1) {
      const { sequence_number } = await send<{ sequence_number: number }>(client, 'handoff_insert_entry', [
        key,
        'message',
        'text',
        '{}',
        null,
      ]);
      if (sequence_number !== entry) throw new Error(`entry ${entry} of ${key} has the number ${sequence_number}`);
    }
    const state = await send<{ id: string; last_sequence_number: number }>(client, 'handoff_read_handoff_state', [key, 8_388_608]);
    const handedOver = await send<{ status: string }>(client, 'handoff_write_handoff', [
      state.id,
      state.last_sequence_number,
      state.last_sequence_number,
      false,
      'agent-2',
      'full_handoff',
      '{}',
      'handed over',
      '{}',
      new Date().toISOString(),
    ]);
    if (handedOver.status !== 'completed') throw new Error(`${key} is ${handedOver.status}`);
    await send(client, 'handoff_read_summary', [key, 65_536]);
  };
}

/**
 * The values as this release takes them: later releases have got more parameters, each at the end and optional. One that must have
 * more has to be told here what to send.
 */
function fitted(name: string, text: string, values: readonly unknown[]): unknown[] {
  const parameters = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  if (parameters < values.length) throw new Error(`${name} takes ${parameters} values, and test/upgrade/clients.ts has ${values.length}.`);
  return [...values, ...Array.from({ length: parameters - values.length }, () => null)];
}

async function one<Row extends pg.QueryResultRow>(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<Row> {
  const [row] = (await client.query<Row>(text, [...values])).rows;
  if (row === undefined) throw new Error('no row');
  return row;
}
