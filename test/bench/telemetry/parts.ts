import { fullTelemetry, TELEMETRY_OFF } from '../lab.js';
import type { Lab } from '../lab.js';
import { expectSpans } from '../spanLedger.js';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';
import { cycle, middleOf, ratioOf } from './slices.js';
import type { Slice, Sliced } from './slices.js';

const CALLERS = 32;
const CALLS_EACH = 8;
/** Until the engine has optimized what runs for every call. */
const WARM_UP_CYCLES = 40;

type Env = Readonly<Record<string, string>>;

/** Everything on, each part off, and everything off. */
const PARTS: readonly (readonly [string, Env])[] = [
  ['everything on', {}],
  ['no log records', { OTEL_LOGS_EXPORTER: 'none' }],
  ['no metrics', { OTEL_METRICS_EXPORTER: 'none' }],
  ['no exemplars', { OTEL_METRICS_EXEMPLAR_FILTER: 'always_off' }],
  ['no spans sampled', { OTEL_TRACES_SAMPLER: 'always_off' }],
  ['none exported, instrumentation alone', { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }],
  ['telemetry off', TELEMETRY_OFF],
];
const ENDS = PARTS.filter(([name]) => name === 'everything on' || name === 'telemetry off');

export interface PartsOptions {
  readonly lab: Lab;
  readonly seconds: number;
  /** A checkout that is built, whose ends are measured in the same cycles. */
  readonly beside: string | undefined;
  /** Leaves out what lies between everything on and everything off. */
  readonly endsOnly: boolean;
  readonly env: Env;
}

/** Returns a table: the CPU time and the throughput of `update_context`, with one part of telemetry after the other switched off. */
export async function measureParts({ lab, seconds, beside, endsOnly, env }: PartsOptions): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const chosen = endsOnly ? ENDS : PARTS;
  const wanted = [
    ...chosen.map(([name, own]) => ({ name, own, checkout: undefined })),
    ...(beside === undefined ? [] : ENDS.map(([name, own]) => ({ name: `${name}, the other build`, own, checkout: beside }))),
  ];
  const servers: Sliced[] = [];
  for (const { name, own, checkout } of wanted) servers.push(await start(lab, stack, { name, env: { ...env, ...own }, checkout }));
  const measured = new Map<string, Slice[]>(servers.map(({ name }) => [name, []]));
  const options = { callers: CALLERS, callsEach: CALLS_EACH, random: Math.random };
  for (let count = 0; count < WARM_UP_CYCLES; count += 1) await cycle(servers, options);
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) for (const [name, slice] of await cycle(servers, options)) measured.get(name)?.push(slice);
  return tableOf(measured);
}

async function start(
  lab: Lab,
  stack: AsyncDisposableStack,
  { name, env, checkout }: { readonly name: string; readonly env: Env; readonly checkout: string | undefined },
): Promise<Sliced> {
  lab.progress(`starting: ${name}`);
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const counter = await lab.startCounter();
  stack.defer(() => counter.close());
  const server = new StdioServer({
    env: { DATABASE_URL: database.url, ...fullTelemetry(counter), ...env },
    ...(checkout === undefined ? {} : { checkout }),
  });
  let updates = 0;
  stack.defer(async () => {
    await server.end();
    if (name.startsWith('everything on')) expectSpans(await counter.counts(), { updates, registrations: CALLERS });
  });
  await server.initialize();
  await registerSessions(server, CALLERS);
  const call = async (caller: number): Promise<void> => {
    await updateContext(server, caller);
    updates += 1;
  };
  return { name, pid: server.pid, call };
}

function tableOf(measured: ReadonlyMap<string, readonly Slice[]>): string {
  const off = [...measured].find(([name]) => name === 'telemetry off')?.[1] ?? [];
  const rows = [...measured].map(([name, slices]) => {
    const ratio = (what: keyof Slice): string => {
      const { middle, low, high } = ratioOf(
        slices.map((slice) => slice[what]),
        off.map((slice) => slice[what]),
        Math.random,
      );
      return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    };
    return [name, `${middleOf(slices, 'cpuUs').toFixed(0)} µs`, ratio('cpuUs'), ratio('wallUs')];
  });
  const head = ['', 'CPU a call', 'times that of telemetry off', 'time, times that of telemetry off'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return `${lines.join('')}\n${off.length} cycles of ${CALLERS * CALLS_EACH} calls to each server; in brackets where nine of ten repetitions would lie.\n`;
}
