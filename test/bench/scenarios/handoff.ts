import pg from 'pg';
import { startInstrumented, TELEMETRY_OFF } from '../lab.js';
import { LOAD_HEAD, loadRow, measureRound, medianRate, pairedShare } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import type { Scenario, Section } from '../scenario.js';
import { expectSpans } from '../spanLedger.js';
import type { StdioServer } from '../stdioServer.js';

const CALLERS = 32;
const ENTRIES = 250;
const SESSIONS_PER_CALLER = 16;
const SESSIONS = CALLERS * SESSIONS_PER_CALLER;
const WARM_UP_MS = 4000;
const EARLIER_RATE = 75;
const WANTED_RATE = 5 * EARLIER_RATE;

/** Entries of about 200 bytes in the mix of types an agent makes. */
const ADD_SESSIONS = `
WITH added AS (
  INSERT INTO sessions (session_key, agent_from, last_sequence_number)
  SELECT 'handoff-' || n, 'bench', $2 FROM generate_series(0, $1::int - 1) n RETURNING id
)
INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes)
SELECT id, n, (ARRAY['message', 'message', 'file', 'tool_call'])[1 + n % 4], repeat('Entry of a session: ', 10), jsonb_build_object('agent', 'bench', 'toolName', 'tool-' || n % 7, 'fileType', 'ts'), 200
FROM added, generate_series(1, $2::int) n`;

/** Every handoff adds an entry: this puts the sessions back to their length between rounds. */
const TRIM = [
  `DELETE FROM context_history WHERE sequence_number > ${ENTRIES}`,
  'DELETE FROM handoff_requests',
  `UPDATE sessions SET last_sequence_number = ${ENTRIES}`,
  'VACUUM ANALYZE sessions, context_history, handoff_requests',
];

export const handoffScenario: Scenario = {
  name: 'request_handoff',
  summary: `request_handoff on sessions of ${ENTRIES} entries`,
  run: async (lab) => {
    await using stack = new AsyncDisposableStack();
    const database = await lab.emptyDatabase();
    stack.defer(() => database.drop());
    const counter = await lab.startCounter();
    stack.defer(() => counter.close());
    const servers = {
      on: await startInstrumented({ database, counter }),
      off: await startInstrumented({ database, counter }, TELEMETRY_OFF),
    };
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    stack.defer(() => client.end());
    await client.query(ADD_SESSIONS, [SESSIONS, ENTRIES]);

    let handoffs = 0;
    const measure = async (which: 'on' | 'off', callers: number, durationMs: number): Promise<MeasuredRound> => {
      for (const statement of TRIM) await client.query(statement);
      const server: StdioServer = servers[which];
      const round = await measureRound({
        callers,
        durationMs,
        call: handOff(server),
        pids: { server: server.pid, postgres: lab.postgres.pid, receiver: counter.pid },
      });
      if (which === 'on') handoffs += round.calls;
      return round;
    };

    const tables = [];
    let rate = 0;
    for (const callers of [CALLERS, 1]) {
      for (const which of ['on', 'off'] as const) await measure(which, callers, WARM_UP_MS);
      const rounds = { on: [] as MeasuredRound[], off: [] as MeasuredRound[] };
      for (let round = 0; round < lab.rounds; round += 1) {
        lab.progress(`request_handoff: ${callers} callers, round ${round + 1} of ${lab.rounds}`);
        for (const which of round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const))
          rounds[which].push(await measure(which, callers, lab.roundMs));
      }
      if (callers === CALLERS) rate = medianRate(rounds.on);
      const cost = `Telemetry costs ${((1 - pairedShare(rounds.on, rounds.off)) * 100).toFixed(1)} % of the throughput.`;
      tables.push({
        caption: `${callers === 1 ? 'One caller' : `${callers} callers`}. ${cost}`,
        head: LOAD_HEAD,
        rows: [loadRow('telemetry on', rounds.on), loadRow('telemetry off', rounds.off)],
      });
    }
    await Promise.all([servers.on.end(), servers.off.end()]);
    expectSpans(await counter.counts(), { handoffs });
    return {
      title: '`request_handoff`',
      method: `${SESSIONS} sessions of ${ENTRIES} entries of 200 bytes; each caller hands over its ${SESSIONS_PER_CALLER} sessions in turn, as a \`collaboration\`, so that they stay active.
A handoff adds an entry, so sessions are cut back to ${ENTRIES} before every round. Two statements a handoff; the package with the whole
history goes to the cache (in process). The receiver got every span of all ${handoffs} handoffs.`,
      tables,
      targets: [
        {
          what: `request_handoff at ${ENTRIES} entries, ${CALLERS} callers, telemetry on`,
          wanted: `≥ ${WANTED_RATE}/s (5 × ${EARLIER_RATE})`,
          reached: `${rate.toFixed(0)}/s`,
          met: rate >= WANTED_RATE,
        },
      ],
    } satisfies Section;
  },
};

/** Callers have sessions of their own, so that no two handoffs of one session race. */
function handOff(server: StdioServer): (caller: number) => Promise<unknown> {
  const made = new Map<number, number>();
  return (caller) => {
    const count = made.get(caller) ?? 0;
    made.set(caller, count + 1);
    const session = caller * SESSIONS_PER_CALLER + (count % SESSIONS_PER_CALLER);
    return server.callTool('request_handoff', {
      sessionKey: `handoff-${session}`,
      targetAgent: 'other',
      requestType: 'collaboration',
      requestData: { reason: 'bench' },
    });
  };
}
