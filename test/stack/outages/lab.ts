import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { programs } from '../programs/programs.js';
import { ownAddress, type Address } from './address.js';
import { BackEnd, type Listen } from './backEnd.js';
import { CollectorSeat } from './collectorSeat.js';
import { overGrpc } from './overGrpc.js';
import { overHttp } from './overHttp.js';
import { Prometheus, tapBefore, type Tap } from './prometheus.js';
import { LoadedServer } from './server.js';

/** What outlives a case: a database, a server that sends to one address, and a Prometheus. */
export interface Lab extends AsyncDisposable {
  readonly server: LoadedServer;
  readonly prometheus: Prometheus;
  /** Sets up what a case needs anew: the collector with an empty queue at the address of the server, and its back ends, all up. */
  newCase(env?: Readonly<Record<string, string>>): Promise<Case>;
}

export interface Case extends AsyncDisposable {
  readonly collector: CollectorSeat;
  /** Starts the collector again, with its queue. */
  collectorUp(): Promise<void>;
  readonly tempo: BackEnd;
  readonly loki: BackEnd;
  readonly tap: Tap;
  /** Takes the collector's own metrics. */
  readonly own: BackEnd;
}

export async function openLab(serverEnv: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const stack = new AsyncDisposableStack();
  try {
    const folder = mkdtempSync(join(tmpdir(), 'handoff-outages-'));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const { prometheus: binary } = await programs(['prometheus']);
    const postgres = stack.use(await startThrowawayPostgres());
    const prometheus = await Prometheus.create(binary, join(folder, 'prometheus'));
    stack.defer(() => prometheus.kill());
    const address = await ownAddress();
    let cases = 0;
    // What the server makes as it starts has arrived before the first case begins to count.
    await using forStart = await newCase({ dir: join(folder, String(cases)), address, prometheus });
    const server = await LoadedServer.start(postgres.url, forStart.collector.endpoint, serverEnv);
    stack.defer(() => server.end());
    await server.rest();
    return {
      server,
      prometheus,
      newCase: (env) => newCase({ dir: join(folder, String((cases += 1))), address, prometheus }, env),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function newCase(
  { dir, address, prometheus }: { readonly dir: string; readonly address: Address; readonly prometheus: Prometheus },
  env: Readonly<Record<string, string>> = {},
): Promise<Case> {
  await using made = new AsyncDisposableStack(); // a case that cannot be set up takes down what it has begun
  const backEnd = async (listen: Listen): Promise<BackEnd> => {
    const one = new BackEnd(listen, await ownAddress());
    made.defer(() => one.down());
    await one.up();
    return one;
  };
  const [tempo, loki, own] = [await backEnd(overGrpc), await backEnd(overHttp), await backEnd(overHttp)];
  const tap = made.use(await tapBefore(prometheus));
  const collector = await CollectorSeat.create(dir, address);
  made.defer(() => collector.kill());
  const backEnds = { tempo: tempo.address, loki: loki.address, prometheus: tap.address, own: own.address };
  const collectorUp = (): Promise<void> => collector.up(backEnds, env);
  await collectorUp();
  const parts = made.move();
  return { collector, collectorUp, tempo, loki, tap, own, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
