import type { Lab } from '../lab.js';
import { loadAverage } from '../machine.js';
import { HttpServer } from '../http/httpServer.js';
import { runAgents } from './agents.js';
import type { Traffic } from './agents.js';
import { startProbing } from './probe.js';
import type { ProbeReport } from './probeProcess.js';
import { STALLING, stallAgainAndAgain } from './stalls.js';

export interface RoundOptions {
  readonly sessions: number;
  readonly pauseMs: number;
}

/** One round: first without a stall, then with stalls. */
export interface HealthRound {
  readonly calm: Traffic;
  readonly stalled: ProbeReport;
  readonly stalls: number;
  readonly loadAverage: number;
}

/** Fewer than the server's default limit of connections, and of open answers. */
const CONNECTIONS = 400;
const WARM_UP_SHARE = 0.3;

/** Runs all rounds on one server, with telemetry, monitoring, measurements and jobs as they come. */
export async function healthRounds(lab: Lab, { sessions, pauseMs }: RoundOptions): Promise<HealthRound[]> {
  await using stack = new AsyncDisposableStack();
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const counter = await lab.startCounter();
  stack.defer(() => counter.close());
  const server = await HttpServer.start({
    env: { DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: counter.url, NODE_OPTIONS: STALLING },
    connections: CONNECTIONS,
  });
  stack.defer(() => server.end());
  const load = (durationMs: number): Promise<Traffic> => runAgents({ server, sessions, pauseMs, durationMs });
  lab.progress('warming up');
  await load(Math.max(lab.roundMs * WARM_UP_SHARE, pauseMs));
  const rounds: HealthRound[] = [];
  for (let round = 1; round <= lab.rounds; round += 1) {
    lab.progress(`round ${round} of ${lab.rounds}`);
    const before = loadAverage();
    const calm = await load(lab.roundMs);
    const over = new AbortController();
    const stalling = stallAgainAndAgain(server.child, over.signal);
    const stopProbing = startProbing(server.adminUrl);
    await load(lab.roundMs);
    const stalled = await stopProbing();
    over.abort();
    rounds.push({ calm, stalled, stalls: await stalling, loadAverage: before });
  }
  return rounds;
}
