import fc from 'fast-check';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Any character; the library's own unit for this takes seconds to set up. */
const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/** Text that PostgreSQL can store: any but NUL and lone surrogates. */
const text = fc
  .oneof(
    fc.string({ unit: character, maxLength: 60 }),
    fc.constantFrom('', 'null', '"', '\\', '\n\r\t', '{"entry":', '\u2028\u2029', '😀🇩🇪', "O'Brien", '\u0001\u007f', '{}', ','),
  )
  .map((value) => value.replaceAll('\0', '').toWellFormed());

/** JSON documents as text, with numbers that JavaScript cannot hold. */
const json = fc.oneof(
  fc.json({ maxDepth: 3 }).map((value) => value.replaceAll('\\u0000', '')),
  fc.constantFrom('null', '{"n": 1.10}', '{"n": 123456789012345678901234567890.10}', '{"n": 1e300}', '[]', '"text"', '{"a":null}'),
);

const time = fc.constantFrom(
  'now()',
  "'2026-01-01 00:00:00.000001+00'",
  "'1999-12-31 23:59:59.999999-11:30'",
  "'-infinity'",
  "'infinity'",
  "'0044-03-15 BC'",
  "'12026-01-01'",
);

export interface AwkwardSession {
  readonly metadata: string;
  readonly entries: readonly {
    readonly content: string;
    readonly metadata: string;
    readonly time: string;
    readonly ms: number | null;
    readonly agent: string | null;
  }[];
  readonly snapshots: readonly { readonly path: string; readonly content: string | null; readonly result: string }[];
  readonly handoffs: readonly {
    readonly data: string;
    readonly answer: string | null;
    readonly by: string | null;
    readonly time: string;
  }[];
  readonly policy: string;
  readonly isDormant: boolean;
  readonly ttlHours: number | null;
}

const double = fc.double();
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

export const awkwardSession: fc.Arbitrary<AwkwardSession> = fc.record({
  metadata: json,
  entries: fc.array(fc.record({ content: text, metadata: json, time, ms: nullable(double), agent: nullable(text) }), { maxLength: 12 }),
  snapshots: fc.array(fc.record({ path: text, content: nullable(text), result: json }), { maxLength: 4 }),
  handoffs: fc.array(fc.record({ data: json, answer: nullable(json), by: nullable(text), time }), { maxLength: 4 }),
  policy: fc.constantFrom('standard', 'short', 'unknown'),
  isDormant: fc.boolean(),
  ttlHours: nullable(fc.constantFrom(24, 0.1, 1e-7, 87_600)),
});

/** Stores a session that has ended long ago, past all checks of the server. Returns its id. */
export async function storeAwkward({ sql }: HandoffFixture, key: string, session: AwkwardSession): Promise<string> {
  const [row] = await sql<{ id: string }>(
    `INSERT INTO sessions (session_key, agent_from, status, metadata, is_dormant, retention_policy, ttl_hours, expires_at, last_sequence_number)
     VALUES ($1, 'a', 'completed', $2::jsonb, $3, $4, $5, now() + interval '1 day', $6) RETURNING id`,
    [key, session.metadata, session.isDormant, session.policy, session.ttlHours, session.entries.length],
  );
  const id = row?.id ?? '';
  for (const [at, entry] of session.entries.entries()) {
    await sql(
      `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, created_at, processing_time_ms, agent)
       VALUES ($1, $2, $3, $4, $5::jsonb, ${entry.time}, $6, $7)`,
      [id, at * 3 + 1, ['message', 'file', 'tool_call', 'system'][at % 4], entry.content, entry.metadata, entry.ms, entry.agent],
    );
  }
  for (const { path, content, result } of session.snapshots) {
    await sql(
      'INSERT INTO codebase_snapshots (session_id, file_path, content_hash, content, analysis_result) VALUES ($1, $2, $3, $4, $5::jsonb)',
      [id, path, 'hash', content, result],
    );
  }
  for (const { data, answer, by, time: at } of session.handoffs) {
    await sql(
      `INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_data, answer, answered_by, answered_at)
       VALUES ($1, 'a', 'b', $2::jsonb, $3::jsonb, $4, ${at})`,
      [id, data, answer, by],
    );
  }
  return id;
}
