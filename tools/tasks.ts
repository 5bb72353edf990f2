/** A program that `npm run <group> <name>` starts. */
export interface Task {
  /** What it shows, in the same words as in CONTRIBUTING.md. */
  readonly summary: string;
  /** Arguments for Node; the user's follow them. */
  readonly args: readonly string[];
  /** It needs a build with source maps. */
  readonly withMaps?: true;
  /** It builds the package itself, or needs no build. */
  readonly withoutBuild?: true;
}

const source = (path: string): readonly string[] => ['--import', './tools/resolveSource.mjs', path];
const suite = (folder: string): readonly string[] => ['node_modules/vitest/vitest.mjs', 'run', '--config', `${folder}/vitest.config.ts`];

/** Everything that takes longer than a test may, grouped by purpose. */
export const tasks: Readonly<Record<string, Readonly<Record<string, Task>>>> = {
  bench: {
    server: {
      summary: 'the figures of docs/comparisons/benchmarks.md: the handoff server',
      args: source('test/bench/main.ts'),
      withMaps: true,
    },
    mcp: {
      summary: 'the figures of docs/comparisons/benchmarks-mcp.md: a tool call, beside other packages; with --check only its bounds',
      args: source('test/bench/mcp/main.ts'),
      withMaps: true,
    },
    startup: {
      summary: 'the figures of docs/comparisons/benchmarks-startup.md; with --check only the budget',
      args: source('test/bench/startup/main.ts'),
    },
    analytics: {
      summary: 'a year of events, rolled up, and reports of the year; --events N for fewer than 10,000,000',
      args: source('test/bench/analytics/main.ts'),
      withoutBuild: true,
    },
    deletion: {
      summary: 'what keeping facts costs the deletion of an entry; --also FILE beside other triggers',
      args: source('test/bench/deletion/main.ts'),
      withoutBuild: true,
    },
    lifecycle: {
      summary: 'the figures of docs/comparisons/lifecycle.md: ending sessions, beside the bare statement and queues',
      args: source('test/bench/lifecycle/main.ts'),
    },
    health: {
      summary: 'the figures of docs/comparisons/health.md: probes during stalls, and calls with 1,000 sessions',
      args: source('test/bench/health/main.ts'),
    },
    overload: {
      summary: 'the figures of docs/comparisons/overload.md: what is finished in time when more arrives than can be done',
      args: source('test/bench/overload/main.ts'),
    },
    telemetry: {
      summary: 'whether telemetry costs a call of update_context less CPU than it may: in a minute, and it fails when not',
      args: source('test/bench/telemetry/main.ts'),
    },
    growth: {
      summary: 'how cost grows with more callers, more tools and a longer history; --write keeps it as docs/comparisons/growth.md',
      args: source('test/bench/growth/main.ts'),
    },
    peers: {
      summary: 'telemetry under the handoff server, ours and others, in turns; --write keeps it as docs/comparisons/peers-server.md',
      args: source('test/bench/peers/main.ts'),
    },
    against: {
      summary: 'update_context of this build and of another one, in one run: -- [--telemetry] DIR of a checkout that is built',
      args: source('test/bench/against/main.ts'),
    },
    collector: {
      summary: 'the figures of docs/comparisons/collector.md: what telemetry costs behind the process',
      args: source('test/bench/collector/main.ts'),
    },
    archive: {
      summary: 'sessions and megabytes per second into the archive and back, in files and in S3',
      args: source('test/bench/archive/main.ts'),
      withoutBuild: true,
    },
    anomalies: {
      summary: 'how the anomaly detector does on the Numenta Anomaly Benchmark, whose data are given with --data',
      args: source('test/bench/anomalies/main.ts'),
      withoutBuild: true,
    },
    'anomaly-faults': {
      summary: 'the figures of docs/comparisons/anomalies.md: faults injected into series such as the service has',
      args: source('test/bench/anomalies/faults/main.ts'),
      withoutBuild: true,
    },
    'first-start': { summary: 'the time to the first answer on an empty data folder', args: source('test/bench/firstStart/main.ts') },
  },
  compare: {
    mcp: { summary: 'the cells of docs/comparisons/mcp.md: packages for MCP', args: source('test/comparison/main.ts') },
    bootstrap: {
      summary: 'the cells of docs/comparisons/bootstrap.md: packages for a process',
      args: source('test/bootComparison/main.ts'),
    },
  },
  prove: {
    gates: { summary: 'that each gate of npm run check fails what it must', args: suite('test/gates'), withoutBuild: true },
    long: {
      summary: 'what needs seconds to be seen: hung databases, owners of the embedded one that die, memory that settles',
      args: suite('test/long'),
    },
    kill: { summary: 'what arrives, however a program ends and whatever the collector does', args: suite('test/kill') },
    chaos: {
      summary: 'replicas and database killed, object store failing: every session as the model says, no acknowledged write lost',
      args: source('test/chaos/main.ts'),
    },
    faults: {
      summary:
        'the table docs/comparisons/faults.md: what happens when PostgreSQL, Redis, the embedded database, a collector or the clock breaks',
      args: source('test/faults/main.ts'),
    },
    upgrade: {
      summary: 'that filled databases of earlier servers and releases are migrated while these work: no call fails, no lock is held long',
      args: suite('test/upgrade'),
      withoutBuild: true,
    },
    matrix: { summary: 'pg, ioredis and pino in every version of Node, every way to load, old and new', args: suite('test/matrix') },
    soak: {
      summary: 'a million tool calls to a server with everything on, and what stays in memory: docs/comparisons/soak.md',
      args: source('test/soak/server/main.ts'),
    },
    'soak-mcp': {
      summary: 'a million MCP calls of every kind to instrumented servers, and what stays in memory',
      args: ['--expose-gc', ...source('test/soak/mcpMemory.ts')],
    },
    runtimes: { summary: 'servers on Bun and Deno, traced as on Node', args: suite('test/runtimes') },
    'runtimes-cache': {
      summary: "a program of Deno without node_modules; downloads Deno's cache anew",
      args: suite('test/runtimes/cache'),
    },
    'third-party': { summary: 'published MCP servers and clients, unchanged, with us and without', args: suite('test/thirdParty') },
    image: {
      summary: 'the steps of the Dockerfile without an engine, and a client',
      args: source('test/image/main.ts'),
      withoutBuild: true,
    },
    jobs: {
      summary: 'scheduled jobs go on when a replica, the owner of the embedded database or PostgreSQL is killed',
      args: suite('test/jobs'),
      withoutBuild: true,
    },
    deploy: {
      summary: 'the Compose file and the Kubernetes manifests, read by the programs that they are for; the failover of Redis',
      args: suite('test/deploy'),
      withoutBuild: true,
    },
    archive: {
      summary: 'the archive in a real S3 server, on the embedded database, with the largest sessions, and with archivers that are killed',
      args: suite('test/archive'),
      withoutBuild: true,
    },
    analytics: {
      summary: 'that every bucket and every figure of every report is what plain SQL on a million rows comes to',
      args: suite('test/analytics'),
      withoutBuild: true,
    },
    capture: { summary: 'that what is sent to Tempo and Loki is what boards and links look for', args: suite('test/stack/capture') },
    stack: {
      summary: 'that real Prometheus, Tempo, Loki and Grafana answer every query and link',
      args: source('test/stack/remote/main.ts'),
    },
    browser: {
      summary:
        'the official client in a page of Chromium, which has to be installed, and the page of handoff-otel report as readers see it',
      args: suite('test/browser'),
    },
    outages: {
      summary: 'what is lost of telemetry when the collector or a back end is away for seconds',
      args: suite('test/stack/outages'),
    },
    'outages-long': { summary: 'the same for a minute each', args: suite('test/stack/outages/long') },
    'stack-live': {
      summary: 'the whole stack under load: every query of boards and rules, and alerts by real faults; all of them with --all',
      args: source('test/stack/live/paced.ts'),
    },
    rules: {
      summary: 'every alert under promtool, who is told of it under amtool, and that no change of the catalogue passes unseen',
      args: suite('test/stack/rules'),
      withoutBuild: true,
    },
    'rule-mutations': {
      summary: 'whether the proofs of the alerts notice each single change of a rule',
      args: source('test/stack/rules/mutate.ts'),
      withoutBuild: true,
    },
    mutations: {
      summary: 'whether the convention tests notice each single change of what is emitted',
      args: source('test/conventions/mutate.ts'),
      withoutBuild: true,
    },
  },
};
