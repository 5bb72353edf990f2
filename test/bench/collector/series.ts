import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programs } from '../../stack/programs/programs.js';
import { Prometheus } from '../../stack/outages/prometheus.js';
import type { FreshDatabase } from '../../setup/freshDatabase.js';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';
import type { Capture } from './capture.js';
import type { UnitFigures } from './figures.js';
import { generate } from './generator.js';
import { startSink } from './sink.js';
import { runToolServer } from './toolServer.js';
import { startTopology } from './topology.js';

const METRIC_INTERVAL_MS = 1000;
const SETTLE_MS = 6000;
const DEADLINE_MS = 60_000;
const TOOLS = 100;
const SERVER = 'handoff-server';

export type SeriesFigures = Pick<UnitFigures, 'series' | 'scrapeBytesOf100Tools'>;

/** Counts series in a real Prometheus, by what sent them. */
export async function measureSeries(capture: Capture, database: FreshDatabase, progress: (line: string) => void): Promise<SeriesFigures> {
  await using stack = new AsyncDisposableStack();
  const dir = mkdtempSync(join(tmpdir(), 'handoff-series-'));
  stack.defer(() => rmSync(dir, { recursive: true, force: true }));
  const { prometheus: binary } = await programs(['prometheus']);
  const prometheus = await Prometheus.create(binary, join(dir, 'prometheus'));
  stack.defer(() => prometheus.kill());
  const endpoint = `http://${prometheus.address}/api/v1/otlp`;
  const countOf = async (serviceName: string): Promise<number> =>
    (await prometheus.query(`count({__name__!="",job="${serviceName}"})`))[0] ?? 0;

  progress('series of the handoff server');
  await callServer(database, endpoint);
  progress('series of a server with tools');
  const counted = new Map<string, number>();
  let scrapeBytes = 0;
  for (const [name, tools, outcomes] of [
    ['one-tool', 1, 1],
    ['one-tool-failing', 1, 2],
    ['many-tools', 1 + TOOLS, 1],
    ['many-tools-failing', 1 + TOOLS, 2],
  ] as const) {
    scrapeBytes = await runToolServer({ serviceName: name, endpoint, tools, fails: outcomes === 2 });
    counted.set(name, await countOf(name));
  }
  progress('series of the collector');
  await using sink = await startSink();
  await using topology = await startTopology('one tier', join(dir, 'collector'), sink.ports, {
    OTELCOL_PROMETHEUS_ENDPOINT: endpoint,
    OTELCOL_SELF_INTERVAL_MS: String(METRIC_INTERVAL_MS),
    OTELCOL_DERIVED_INTERVAL: `${METRIC_INTERVAL_MS}ms`,
  });
  await generate(capture, { endpoint: topology.endpoint, spansPerSecond: 0, durationMs: 1000 });
  const collector = await settled(() => countOf('otelcol'), 'of the collector');
  const derived = await settled(async () => (await prometheus.query('count({__name__=~"traces_.+"})'))[0] ?? 0, 'made of spans');
  const added = (from: string, to: string): number => ((counted.get(to) ?? 0) - (counted.get(from) ?? 0)) / TOOLS;
  return {
    series: {
      server: await countOf(SERVER),
      derived,
      collector,
      perToolSucceeding: added('one-tool', 'many-tools'),
      perToolFailingToo: added('one-tool-failing', 'many-tools-failing'),
    },
    scrapeBytesOf100Tools: scrapeBytes,
  };
}

/** The number of series once it no longer grows. */
async function settled(count: () => Promise<number>, whose: string): Promise<number> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  for (let before = 0; performance.now() < deadlineMs; ) {
    await new Promise((resolve) => setTimeout(resolve, 3 * METRIC_INTERVAL_MS));
    const now = await count();
    if (now > 0 && now === before) return now;
    before = now;
  }
  throw new Error(`Prometheus has no settled number of series ${whose} after ${DEADLINE_MS} ms.`);
}

async function callServer(database: FreshDatabase, endpoint: string): Promise<void> {
  const server = new StdioServer({
    env: {
      DATABASE_URL: database.url,
      OTEL_SERVICE_NAME: SERVER,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${endpoint}/v1/metrics`,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRIC_EXPORT_INTERVAL: String(METRIC_INTERVAL_MS),
    },
  });
  await server.initialize();
  await registerSessions(server, 1);
  const until = performance.now() + SETTLE_MS;
  while (performance.now() < until) {
    await updateContext(server, 0);
    for (const [tool, args] of Object.entries(READS)) await server.callTool(tool, args);
    await server.callTool('get_context', { sessionKey: 'none-such' }).catch(() => undefined);
    await server.callTool('update_context', {}).catch(() => undefined);
  }
  await server.end();
}

/** Tools that read, so that a server has done everything once. */
const READS = {
  get_context: { sessionKey: 'bench-0' },
  get_summary: { sessionKey: 'bench-0' },
  list_sessions: {},
  request_handoff: { sessionKey: 'bench-0', targetAgent: 'other', requestType: 'context_transfer' },
} as const;
