import type { FreshDatabase } from '../../setup/freshDatabase.js';
import { startInstrumented, TELEMETRY_OFF } from '../lab.js';
import type { Lab } from '../lab.js';
import { measureRound } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import type { OtlpCounter } from '../otlpCounter.js';
import { expectSpans } from '../spanLedger.js';
import type { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

export type Telemetry = 'on' | 'off';

/** Rounds of a server with telemetry and of one without; the n-th of each were measured one after another. */
export type PairedRounds = Readonly<Record<Telemetry, MeasuredRound[]>>;

/** With many callers on a slow machine some would be refused, which is measured by `bench overload`: here every call is to be answered. */
const PATIENT = { HANDOFF_CALL_WAIT_TIMEOUT_MS: '60000', HANDOFF_MAX_WAITING_CALLS: '100000' } as const;

/** Two servers on one database: one that sends full telemetry to a receiver of its own, and one that has none. */
export class ServerPair {
  readonly #postgresPid: number;
  readonly #counter: OtlpCounter;
  readonly #servers: Readonly<Record<Telemetry, StdioServer>>;
  #updates = 0;
  #registrations = 0;

  private constructor(postgresPid: number, counter: OtlpCounter, servers: Readonly<Record<Telemetry, StdioServer>>) {
    this.#postgresPid = postgresPid;
    this.#counter = counter;
    this.#servers = servers;
  }

  static async start(lab: Lab, database: FreshDatabase): Promise<ServerPair> {
    const counter = await lab.startCounter();
    return new ServerPair(lab.postgres.pid, counter, {
      on: await startInstrumented({ database, counter }, PATIENT),
      off: await startInstrumented({ database, counter }, { ...PATIENT, ...TELEMETRY_OFF }),
    });
  }

  async registerSessions(count: number): Promise<void> {
    await registerSessions(this.#servers.on, count);
    this.#registrations += count;
  }

  /** One round of both, added to `rounds`; who begins is up to the caller. */
  async addRound(
    rounds: PairedRounds,
    { order, callers, durationMs }: { readonly order: readonly Telemetry[]; readonly callers: number; readonly durationMs: number },
  ): Promise<void> {
    for (const telemetry of order) rounds[telemetry].push(await this.measure(telemetry, callers, durationMs));
  }

  async measure(telemetry: Telemetry, callers: number, durationMs: number): Promise<MeasuredRound> {
    const server = this.#servers[telemetry];
    const round = await measureRound({
      callers,
      durationMs,
      call: (caller) => updateContext(server, caller),
      pids: { server: server.pid, postgres: this.#postgresPid, receiver: this.#counter.pid },
    });
    if (telemetry === 'on') this.#updates += round.calls;
    return round;
  }

  /** Ends the servers. Resolves with what is wrong with the telemetry that was received; `undefined` when it is all there. */
  async end(): Promise<string | undefined> {
    await Promise.all([this.#servers.on.end(), this.#servers.off.end()]);
    const counts = await this.#counter.counts();
    await this.#counter.close();
    try {
      expectSpans(counts, { updates: this.#updates, registrations: this.#registrations });
      return undefined;
    } catch (error) {
      return String(error);
    }
  }
}

/** Who begins changes from round to round: what drifts on the machine hits both alike. */
export function orderOf(round: number): readonly Telemetry[] {
  return round % 2 === 0 ? ['on', 'off'] : ['off', 'on'];
}
