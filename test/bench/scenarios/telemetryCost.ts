import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile, summarise } from '../cpuProfile.js';
import { startInstrumented, TELEMETRY_OFF } from '../lab.js';
import type { Lab } from '../lab.js';
import { measureRound, medianRate, pairedShare } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import type { Scenario, Section, Table } from '../scenario.js';
import { median } from '../statistics.js';
import type { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

const CALLERS = 32;
const WARM_UP_MS = 4000;
const PROFILE_INTERVAL_US = 500;

/** The same server with one part after another switched off. */
const VARIANTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['everything on', {}],
  ['no export of logs (`OTEL_LOGS_EXPORTER=none`)', { OTEL_LOGS_EXPORTER: 'none' }],
  ['no export of metrics (`OTEL_METRICS_EXPORTER=none`)', { OTEL_METRICS_EXPORTER: 'none' }],
  ['no spans sampled (`OTEL_TRACES_SAMPLER=always_off`)', { OTEL_TRACES_SAMPLER: 'always_off' }],
  ['none of the three, instrumentation alone', { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }],
  ['telemetry off (`OTEL_SDK_DISABLED=true`)', TELEMETRY_OFF],
  ['telemetry off, no log lines (`HANDOFF_LOG_LEVEL=warn`)', { ...TELEMETRY_OFF, HANDOFF_LOG_LEVEL: 'warn' }],
];

/** Packages of the profile that exist for telemetry or logging; the rest serves the call. */
const TELEMETRY =
  /^(?:@opentelemetry\/|import-in-the-middle|require-in-the-middle|pino$|quick-format-unescaped|src\/(?:instrumentation\/.*|telemetry|logging|variables)$)/;

type Bench = Awaited<ReturnType<typeof openBench>>;

export const telemetryCostScenario: Scenario = {
  name: 'telemetry',
  summary: 'what each part of telemetry costs an update_context: parts switched off one by one, and a CPU profile',
  run: async (lab) => {
    await using bench = await openBench(lab);
    const parts = await partsTable(lab, bench);
    const profile = await profileTable(lab, bench);
    return {
      title: 'Where the time of telemetry goes',
      method: `\`update_context\` with ${CALLERS} callers, a session each. First the same server with parts switched off; the variants take turns within each round.
Then a CPU profile of the server's main thread with everything on, by package: what Node.js does for a package counts as the
package's. Wall time on a core: a write that wakes PostgreSQL on the same core includes what PostgreSQL did before it gave the core back.`,
      tables: [parts, profile],
      targets: [],
    } satisfies Section;
  },
};

async function openBench(lab: Lab) {
  const stack = new AsyncDisposableStack();
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const counter = await lab.startCounter();
  stack.defer(() => counter.close());
  return {
    start: (env: Readonly<Record<string, string>>, nodeArgs: readonly string[] = []) =>
      startInstrumented({ database, counter }, env, nodeArgs),
    load: (server: StdioServer, durationMs: number): Promise<MeasuredRound> =>
      measureRound({
        callers: CALLERS,
        durationMs,
        call: (caller) => updateContext(server, caller),
        pids: { server: server.pid, postgres: lab.postgres.pid, receiver: counter.pid },
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function partsTable(lab: Lab, bench: Bench): Promise<Table> {
  const measured: { readonly name: string; readonly server: StdioServer; readonly rounds: MeasuredRound[] }[] = [];
  for (const [name, env] of VARIANTS) measured.push({ name, server: await bench.start(env), rounds: [] });
  const [full] = measured;
  if (full !== undefined) await registerSessions(full.server, CALLERS);
  for (const { name, server } of measured) {
    lab.progress(`telemetry: warming up, ${name}`);
    await bench.load(server, WARM_UP_MS);
  }
  for (let round = 0; round < lab.rounds; round += 1) {
    lab.progress(`telemetry: round ${round + 1} of ${lab.rounds}`);
    for (const { server, rounds } of round % 2 === 0 ? measured : measured.toReversed()) rounds.push(await bench.load(server, lab.roundMs));
  }
  await Promise.all(measured.map(({ server }) => server.end()));
  const reference = measured[0]?.rounds ?? [];
  const fullCpuUs = cpuUs(reference);
  return {
    caption: 'Parts switched off, each alone.',
    head: ['', 'calls/s median', 'against everything on', 'server CPU a call', 'saved'],
    rows: measured.map(({ name, rounds }) => {
      const ownUs = cpuUs(rounds);
      return [
        name,
        medianRate(rounds).toFixed(0),
        `× ${pairedShare(rounds, reference).toFixed(2)}`,
        `${ownUs.toFixed(0)} µs`,
        `${(fullCpuUs - ownUs).toFixed(0)} µs`,
      ];
    }),
  };
}

/** Median CPU time of server and receiver for one call, µs; NaN where the operating system does not tell. */
function cpuUs(rounds: readonly MeasuredRound[]): number {
  return median(rounds.map(({ cpuUs: cpu }) => (cpu === undefined ? Number.NaN : cpu.server)));
}

async function profileTable(lab: Lab, bench: Bench): Promise<Table> {
  lab.progress('telemetry: CPU profile');
  const folder = mkdtempSync(join(tmpdir(), 'handoff-profile-'));
  try {
    const server = await bench.start({}, ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${PROFILE_INTERVAL_US}`]);
    await bench.load(server, WARM_UP_MS);
    const { calls } = await bench.load(server, lab.roundMs);
    await server.end();
    const { busyUs, byPackage } = summarise(readProfile(folder), lab.roundMs * 1000);
    const sum = (wanted: (name: string) => boolean): number =>
      [...byPackage].filter(([name]) => wanted(name)).reduce((total, [, us]) => total + us, 0);
    const row = (name: string, us: number): string[] => [name, `${(us / calls).toFixed(1)} µs`, `${((us / busyUs) * 100).toFixed(1)} %`];
    const shown = [...byPackage].filter(([, us]) => us / busyUs >= 0.005).toSorted(([, a], [, b]) => b - a);
    return {
      caption: 'CPU profile of the server, packages from 0.5 % on.',
      head: ['', 'a call', 'share'],
      rows: [
        row(
          '**telemetry and logging together**',
          sum((name) => TELEMETRY.test(name)),
        ),
        ...shown.map(([name, us]) => row(TELEMETRY.test(name) ? `${name} (telemetry)` : name, us)),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
