import pg from 'pg';
import { addSessions, ENTRIES, handOff, trimSessions } from '../handoffLoad.js';
import { startInstrumented, TELEMETRY_OFF } from '../lab.js';
import { LOAD_HEAD, loadRow, measureRound, medianRate, pairedShare } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import type { Scenario, Section } from '../scenario.js';
import { expectSpans } from '../spanLedger.js';
import type { StdioServer } from '../stdioServer.js';

const CALLERS = 32;
const SESSIONS_PER_CALLER = 16;
const SESSIONS = CALLERS * SESSIONS_PER_CALLER;
const WARM_UP_MS = 4000;
const EARLIER_RATE = 75;
const WANTED_RATE = 5 * EARLIER_RATE;
const WANTED_RATE_OFF = 20 * EARLIER_RATE;

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
    await addSessions(client, SESSIONS);

    let handoffs = 0;
    const measure = async (which: 'on' | 'off', callers: number, durationMs: number): Promise<MeasuredRound> => {
      await trimSessions(client);
      const server: StdioServer = servers[which];
      const round = await measureRound({
        callers,
        durationMs,
        call: handOff(server, SESSIONS_PER_CALLER),
        pids: { server: server.pid, postgres: lab.postgres.pid, receiver: counter.pid },
      });
      if (which === 'on') handoffs += round.calls;
      return round;
    };

    const tables = [];
    const rates = { on: 0, off: 0 };
    for (const callers of [CALLERS, 1]) {
      for (const which of ['on', 'off'] as const) await measure(which, callers, WARM_UP_MS);
      const rounds = { on: [] as MeasuredRound[], off: [] as MeasuredRound[] };
      for (let round = 0; round < lab.rounds; round += 1) {
        lab.progress(`request_handoff: ${callers} callers, round ${round + 1} of ${lab.rounds}`);
        for (const which of round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const))
          rounds[which].push(await measure(which, callers, lab.roundMs));
      }
      if (callers === CALLERS) for (const which of ['on', 'off'] as const) rates[which] = medianRate(rounds[which]);
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
A handoff adds an entry, so sessions are cut back to ${ENTRIES} before every round. A handoff reads and writes, by statements that it shares with others of its turn; the package with the whole
history goes to the cache (in process). The receiver got every span of all ${handoffs} handoffs.`,
      tables,
      targets: [
        {
          what: `request_handoff at ${ENTRIES} entries, ${CALLERS} callers, telemetry on`,
          wanted: `≥ ${WANTED_RATE}/s (5 × ${EARLIER_RATE})`,
          reached: `${rates.on.toFixed(0)}/s`,
          met: rates.on >= WANTED_RATE,
        },
        {
          what: 'the same, telemetry off',
          wanted: `≥ ${WANTED_RATE_OFF}/s (20 × ${EARLIER_RATE})`,
          reached: `${rates.off.toFixed(0)}/s`,
          met: rates.off >= WANTED_RATE_OFF,
        },
      ],
    } satisfies Section;
  },
};
