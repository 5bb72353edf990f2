import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOAD_HEAD, loadRow, measureRound } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import type { Scenario, Section } from '../scenario.js';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

const CALLERS = 32;
const WARM_UP_MS = 2000;

export const embeddedScenario: Scenario = {
  name: 'embedded',
  summary: 'the embedded database: start on an empty and on a used folder, and update_context with one server',
  run: async (lab) => {
    await using stack = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), 'handoff-embedded-'));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const counter = await lab.startCounter();
    stack.defer(() => counter.close());
    const env = { HANDOFF_DATA_DIR: folder, OTEL_EXPORTER_OTLP_ENDPOINT: counter.url };
    const start = async (): Promise<{ readonly server: StdioServer; readonly startMs: number }> => {
      const beganMs = performance.now();
      const server = new StdioServer({ env });
      await server.initialize();
      return { server, startMs: performance.now() - beganMs };
    };

    lab.progress('embedded: start');
    const cold = await start();
    await registerSessions(cold.server, CALLERS);
    await cold.server.end();
    const warm = await start();
    const rows = [];
    for (const callers of [CALLERS, 1]) {
      const load = (durationMs: number): Promise<MeasuredRound> =>
        measureRound({
          callers,
          durationMs,
          call: (caller) => updateContext(warm.server, caller),
          // The database runs inside the server's process.
          pids: { server: warm.server.pid, postgres: warm.server.pid, receiver: counter.pid },
        });
      await load(WARM_UP_MS);
      const rounds: MeasuredRound[] = [];
      for (let round = 0; round < lab.rounds; round += 1) {
        lab.progress(`embedded: ${callers} callers, round ${round + 1} of ${lab.rounds}`);
        rounds.push(await load(lab.roundMs));
      }
      rows.push(loadRow(callers === 1 ? 'one caller' : `${callers} callers`, rounds));
    }
    await warm.server.end();
    return {
      title: 'The embedded database, for information',
      method:
        'One server without `DATABASE_URL`, telemetry on, a session per caller. The database runs in a thread of the server, so both columns show the same process.',
      tables: [
        {
          head: ['start to the answer of `initialize`', ''],
          rows: [
            ['empty folder', `${cold.startMs.toFixed(0)} ms`],
            ['used folder', `${warm.startMs.toFixed(0)} ms`],
          ],
        },
        { head: LOAD_HEAD, rows },
      ],
      targets: [],
    } satisfies Section;
  },
};
