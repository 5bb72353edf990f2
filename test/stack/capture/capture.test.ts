import { beforeAll, describe, expect, it } from 'vitest';
import { boards as identities } from '../../../dashboards/src/boardList.js';
import { lokiIndexLabels } from '../../../src/telemetry/catalogue/backEnds.js';
import { readBoards } from '../queries/boards.js';
import type { Board, PanelQuery } from '../queries/boards.js';
import type { CapturedSpan } from '../queries/captured.js';
import { correlationsOf, logsQuery, metricsQueries, readDataSources } from '../queries/datasources.js';
import { searchLogs } from '../queries/logSearch.js';
import { labelName, lokiEntry } from '../queries/lokiEntry.js';
import { parse } from '../queries/syntax.js';
import { searchTraces } from '../queries/traceSearch.js';
import { fill, valuesOf } from '../queries/variables.js';
import { capture } from './capture.js';
import type { Capture } from './capture.js';

const boards = readBoards();
const correlations = correlationsOf(readDataSources());
let captured: Capture;

beforeAll(async () => {
  captured = await capture((line) => process.stderr.write(`${line}\n`));
});

/** What a query of a panel finds wrong when the server and the agent are chosen. */
function faultsOf(board: Board, query: PanelQuery): readonly string[] {
  const { workload, spans, logs } = captured;
  const services = [workload.serverName, workload.agentName, workload.otherName] as const;
  const times = { fromMs: workload.startedMs, toMs: workload.endedMs, intervalMs: 5000, rateIntervalMs: 60_000 };
  const text = fill(query.text, valuesOf(board, { services, ...times }));
  return query.language === 'traceql' ? searchTraces(text, spans).faults : searchLogs(text, logs).faults;
}

const queries = (language: PanelQuery['language']): readonly [string, Board, PanelQuery][] =>
  boards.flatMap((board) =>
    board.queries
      .filter((query) => query.language === language)
      .map((query): [string, Board, PanelQuery] => [`${board.uid}: ${query.panel} ${query.refId}`, board, query]),
  );

describe('what leaves the collector for Tempo', () => {
  it.each(queries('traceql'))('holds what the TraceQL of a panel looks for: %s', (_, board, query) => {
    expect(faultsOf(board, query)).toEqual([]);
  });

  it('holds each call of the client as one whole trace: the task, the client’s span, the server’s beneath it', () => {
    const traces = Map.groupBy(captured.spans, ({ traceId }) => traceId);
    expect(captured.workload.calls.length).toBeGreaterThan(50);
    for (const call of captured.workload.calls) {
      const members = traces.get(call.traceId) ?? [];
      const task = members.filter(({ parentSpanId }) => parentSpanId === '');
      const client = members.filter(({ kind, attributes }) => kind === 3 && attributes['mcp.method.name'] === call.method);
      const server = members.filter(({ kind }) => kind === 2);
      expect({ call, shape: [task.length, client.length, server.length] }).toEqual({ call, shape: [1, 1, 1] });
      expect([client[0]?.parentSpanId, server[0]?.parentSpanId]).toEqual([task[0]?.spanId, client[0]?.spanId]);
      const orphans = members.filter(({ parentSpanId }) => parentSpanId !== '' && !members.some(({ spanId }) => spanId === parentSpanId));
      expect(orphans).toEqual([]);
    }
  });
});

describe('what leaves the collector for Loki', () => {
  it.each(queries('logql'))('holds what the LogQL of a panel looks for: %s', (_, board, query) => {
    expect(faultsOf(board, query)).toEqual([]);
  });

  it('has trace and span ids of spans that Tempo gets', () => {
    const spans = new Set(captured.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    const linked = captured.logs.filter(({ traceId }) => traceId !== '');
    expect(linked.length).toBeGreaterThan(50);
    expect(linked.filter(({ traceId, spanId }) => !spans.has(`${traceId} ${spanId}`))).toEqual([]);
  });

  it('has the labels of the index that Loki is configured for', () => {
    const { workload } = captured;
    const expected = new Map([
      ['service_name', workload.serverName],
      ['deployment_environment_name', workload.environment],
    ]);
    for (const log of captured.logs) expect(lokiEntry(log).indexLabels).toEqual(expected);
    const known = lokiIndexLabels.map(labelName);
    expect([...expected.keys()].filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the links between signals', () => {
  const serverSpans = (): readonly CapturedSpan[] =>
    captured.spans.filter(({ kind, attributes }) => kind === 2 && attributes['gen_ai.operation.name'] === 'execute_tool');

  it('lead from a tool call that did something to exactly its log lines', () => {
    const withWork = serverSpans().filter(({ traceId }) => captured.logs.some((log) => log.traceId === traceId));
    expect(withWork.length).toBeGreaterThan(30);
    for (const span of withWork) {
      const { faults, entries } = searchLogs(logsQuery(correlations.traceToLogs, span.traceId, span.resource), captured.logs);
      expect(faults).toEqual([]);
      expect(new Set(entries.map(({ labels }) => labels.get('trace_id')))).toEqual(new Set([span.traceId]));
      expect(entries.length).toBe(captured.logs.filter(({ traceId }) => traceId === span.traceId).length);
    }
  });

  it('lead from a log line back to the trace, by a label that lines have', () => {
    expect(correlations.logToTrace.length).toBeGreaterThan(0);
    for (const { matcherType, matcherRegex, url, datasourceUid } of correlations.logToTrace) {
      expect({ matcherType, url, datasourceUid }).toEqual({ matcherType: 'label', url: '${__value.raw}', datasourceUid: 'tempo' });
      const values = captured.logs.flatMap((log) => lokiEntry(log).labels.get(matcherRegex) ?? []);
      const traces = new Set(captured.spans.map(({ traceId }) => traceId));
      expect(values.length).toBeGreaterThan(50);
      expect(values.filter((value) => !traces.has(value))).toEqual([]);
    }
  });

  it('lead from a log line to a board that exists, by a label that every line has', () => {
    const uids: readonly string[] = Object.values(identities).map(({ uid }) => uid);
    expect(correlations.logToPage.length).toBeGreaterThan(0);
    for (const { matcherType, matcherRegex, url } of correlations.logToPage) {
      expect(matcherType).toBe('label');
      expect(uids).toContain(/^\/d\/([^?]+)\?.*=\$\{__value\.raw\}$/.exec(url)?.[1]);
      expect(captured.logs.filter((log) => !lokiEntry(log).labels.has(matcherRegex))).toEqual([]);
    }
  });

  it('are made of tags that spans have, and of queries that are LogQL and PromQL', () => {
    const [span] = serverSpans();
    if (span === undefined) throw new Error('no tool call was captured');
    const tags = [...correlations.traceToLogs.tags, ...correlations.traceToMetrics.tags];
    expect(tags.length).toBeGreaterThan(1);
    for (const { key } of tags) expect({ key, value: span.resource[key] }).toEqual({ key, value: expect.any(String) });
    const logs = logsQuery(correlations.traceToLogs, span.traceId, span.resource);
    const metrics = metricsQueries(correlations.traceToMetrics, span.resource, '1m');
    expect(metrics.length).toBeGreaterThan(0);
    for (const query of [logs, ...metrics]) expect(query).not.toMatch(/\$/);
    expect(() => parse('logql', logs)).not.toThrow();
    for (const query of metrics) expect(() => parse('promql', query)).not.toThrow();
  });
});
