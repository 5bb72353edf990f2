import type { CapturedSpan } from '../queries/captured.js';
import type { CallRecord } from '../workload/calls.js';
import { eventually, eventuallyAll } from './eventually.js';
import { panelQueries } from './panels.js';
import { patience, times } from './run.js';
import type { Run } from './run.js';
import { isMetricsQuery } from './tempoApi.js';
import type { TempoApi } from './tempoApi.js';

const PART = 'Tempo';

/** Each call is a whole trace, found by its id. */
export async function checkTraces({ report, calls }: Run, tempo: TempoApi): Promise<void> {
  await report.check(PART, 'answers', async () => `version ${await tempo.version()}`);
  await report.check(PART, 'has each call as one whole trace', async () => {
    let spans = 0;
    const failures = await eventuallyAll(patience.tempo, calls, async (call) => {
      const members = await tempo.trace(call.traceId);
      expectWhole(call, members);
      spans += members.length;
    });
    const failed = [...failures.values()].filter((failure) => failure !== undefined);
    if (failed.length > 0) throw new Error(`${failed.length} of ${calls.length} traces are not; the first: ${failed[0]?.message ?? ''}`);
    return `${calls.length} traces with ${spans} spans`;
  });
}

/** The agent's task, its client span, the server's span beneath that, and no span without its parent. */
export function expectWhole(call: CallRecord, members: readonly CapturedSpan[]): void {
  const ids = new Set(members.map(({ spanId }) => spanId));
  const orphans = members.filter(({ parentSpanId }) => parentSpanId !== '' && !ids.has(parentSpanId));
  const of = (kind: number): readonly CapturedSpan[] =>
    members.filter((span) => span.kind === kind && span.attributes['mcp.method.name'] === call.method);
  const roots = members.filter(({ parentSpanId }) => parentSpanId === '');
  const [client] = of(3);
  const server = of(2).filter(({ parentSpanId }) => parentSpanId === client?.spanId);
  if (roots.length === 1 && of(3).length === 1 && server.length === 1 && orphans.length === 0) return;
  const what = `${roots.length} roots, ${of(3).length} client spans, ${server.length} server spans beneath, ${orphans.length} without parent`;
  throw new Error(`the trace ${call.traceId} of ${call.method} ${call.target} has ${what}`);
}

/** Every query of every panel, and a search that has to find each call. */
export async function checkSearches(run: Run, tempo: TempoApi): Promise<void> {
  const { report, workload, calls } = run;
  const queries = await panelQueries(run, PART, 'traceql');
  const failures = await eventuallyAll(patience.tempo, queries, async ({ text }) => {
    const { fromMs, toMs } = times(run);
    const found = isMetricsQuery(text) ? await tempo.series(text, fromMs, toMs) : (await tempo.search(text, fromMs, toMs)).length;
    if (found === 0) throw new Error(`answered with nothing: ${text}`);
  });
  for (const query of queries) {
    await report.check(PART, query.name, () => {
      const failure = failures.get(query);
      if (failure !== undefined) throw failure;
    });
  }
  await report.check(PART, 'finds the slow calls by a search, with the ids that the client has', () => {
    const slow = calls.filter(({ durationMs }) => durationMs > 2500);
    const q = `{ resource.service.name = "${workload.serverName}" && kind = server && duration > 2s }`;
    return eventually(patience.tempo, async () => {
      const { fromMs, toMs } = times(run);
      const found = new Set((await tempo.search(q, fromMs, toMs, 1000)).map(({ traceId }) => traceId));
      const missing = slow.filter(({ traceId }) => !found.has(traceId));
      if (slow.length === 0 || missing.length > 0)
        throw new Error(`${q} finds ${found.size} traces; missing: ${missing.length} of ${slow.length} slow calls`);
      return `${slow.length} slow calls`;
    });
  });
}
