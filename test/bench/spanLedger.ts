import type { OtlpCounts } from './otlpCounterProcess.js';

/** Tool calls made of a server with telemetry on. */
export interface CallsMade {
  readonly updates?: number;
  readonly registrations?: number;
  readonly handoffs?: number;
}

/** SQL statements of ours that begin with WITH, by tool; calls of a tool that has a name in `SHARED` may share theirs. */
const WITH_STATEMENTS = { updates: 1, registrations: 1, handoffs: 1 } as const;
/** Spans of shared statements. Those of handoffs are of two kinds: one that reads, which begins with SELECT, and one that writes. */
const SHARED = { updates: 'handoff.context.append_together', handoffs: 'handoff.session.handoff_together' } as const;
const MOST_AT_START = 20;
const TOOLS = {
  updates: ['update_context', 'handoff.context.append'],
  registrations: ['register_session', 'handoff.session.register'],
  handoffs: ['request_handoff', 'handoff.session.handoff'],
} as const;

/**
 * Throws unless the receiver got exactly the spans and log records that these calls make: a server that drops telemetry
 * under load would look fast.
 */
export function expectSpans(counts: OtlpCounts, made: CallsMade): void {
  const wrong: string[] = [];
  const expect = (what: string, received: number, expected: number): void => {
    if (received !== expected) wrong.push(`${what}: ${received} received, ${expected} made`);
  };
  let withStatements = 0;
  let records = 0;
  for (const kind of ['updates', 'registrations', 'handoffs'] as const) {
    const calls = made[kind] ?? 0;
    const [tool, operation] = TOOLS[kind];
    expect(`span tools/call ${tool}`, counts.spansByName[`tools/call ${tool}`] ?? 0, calls);
    expect(`span ${operation}`, counts.spansByName[operation] ?? 0, calls);
    withStatements += calls * WITH_STATEMENTS[kind];
    records += calls;
  }
  const sharedBy = (kind: keyof typeof SHARED): number => counts.spansByName[SHARED[kind]] ?? 0;
  const shared = sharedBy('updates') + sharedBy('handoffs');
  const sqlSpans = Object.entries(counts.spansByName)
    .filter(([name]) => name.startsWith('WITH '))
    .reduce((sum, [, count]) => sum + count, 0);
  // What migrates a new database has some statements that begin so, too.
  const mayShare = (['updates', 'handoffs'] as const).filter((kind) => sharedBy(kind) > 0);
  const atLeast = withStatements - mayShare.reduce((sum, kind) => sum + (made[kind] ?? 0), 0) + sharedBy('updates');
  if (sqlSpans < atLeast || sqlSpans > withStatements + shared + MOST_AT_START)
    wrong.push(`SQL spans: ${sqlSpans} received, ${withStatements} made by calls, of which some share ${shared}`);
  // One for each shared statement, and one for the server's own start, which checks the schema.
  expect('log records', counts.logRecords, records + shared + 1);
  if (wrong.length > 0) throw new Error(`telemetry was lost or made up: ${wrong.join('; ')}`);
}
