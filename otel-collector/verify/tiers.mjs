import { sendCalls, sortOut, spanIdsByTrace } from './calls.mjs';
import { readExport, readRaw } from './exported.mjs';
import { findHostileFaults, sendHostile } from './hostile.mjs';
import { expectNone, print, until } from './outcome.mjs';
import { byName, latest, NODES, startTiers } from './twoTiers.mjs';

// What must hold of the two tiers, and what a lost node costs.

const DELIVERY_TIMEOUT_MS = 60_000;
const SHARE_PERCENT = 10;
const BURST_SPANS = 60;
const SPANS_PER_CALL = 3;
const FREQUENT_TOOLS = ['update_context', 'handoff_session'];
const FREQUENT_CALLS = 3_000;
const RARE_TOOLS = ['archive_session', 'analyze_codebase', 'list_agents', 'export_report', 'rotate_keys'];

/** @param {number} count @param {import('./calls.mjs').CallKind} kind */
const times = (count, kind) => Array.from({ length: count }, () => kind);

/** @param {import('./checks.mjs').Place} place */
export async function samplingKeepsWhatItMust(place) {
  const tiers = await startTiers(place, {
    OTELCOL_SAMPLING_WAIT: '6s',
    OTELCOL_SAMPLING_PERCENT: String(SHARE_PERCENT),
    OTELCOL_SAMPLING_TOOL_BURST: String(BURST_SPANS),
  });
  const [tool = ''] = FREQUENT_TOOLS;
  const frequent = FREQUENT_TOOLS.flatMap((name) => times(FREQUENT_CALLS / FREQUENT_TOOLS.length, { kind: 'frequent', tool: name }));
  const calls = await sendCalls(tiers.gateway.httpEndpoint, [
    ...frequent,
    ...times(40, { kind: 'must', tool, failed: true, errorType: 'tool_error' }),
    ...times(20, { kind: 'must', tool, errorType: 'timeout' }),
    ...times(40, { kind: 'must', tool, durationMs: 2_001 }),
    ...times(40, { kind: 'frequent', tool, durationMs: 2_000 }),
    ...RARE_TOOLS.flatMap((name) => times(4, { kind: 'rare', tool: name })),
  ]);
  const spansMade = calls.length * SPANS_PER_CALL;
  const counted = (/** @type {string} */ name) => latest(tiers.dir, name);
  const sum = (/** @type {Record<string, number>} */ byProcess) => Object.values(byProcess).reduce((total, value) => total + value, 0);

  await until(() => {
    const mustArrive = calls.filter(({ kind }) => kind !== 'frequent');
    const { missing, partial } = sortOut(mustArrive, spanIdsByTrace(readExport(tiers.dir)));
    const edges = latest(tiers.dir, 'traces_service_graph_request_total', isEdge);
    return [
      ...missing.map((call) => `a call that must be kept is missing: ${JSON.stringify(call)}`),
      ...partial.map((call) => `a call that must be kept is not whole: ${JSON.stringify(call)}`),
      ...different('spans counted in traces_span_metrics_calls', sum(counted('traces.span.metrics.calls')), spansMade),
      ...different('calls of the agent to the server in the service graph', sum(edges), calls.length),
    ];
  }, DELIVERY_TIMEOUT_MS);

  const accepted = latest(tiers.dir, 'otelcol_receiver_accepted_spans');
  await tiers.stop();
  const { missing, partial, doubled } = sortOut(calls, spanIdsByTrace(readExport(tiers.dir)));
  const frequentCalls = calls.filter(({ kind }) => kind === 'frequent').length;
  const kept = frequentCalls - missing.length;
  print(
    `  kept ${kept} of ${frequentCalls} frequent calls, and all ${calls.length - frequentCalls} others; spans accepted: ${JSON.stringify(accepted)}`,
  );
  expectNone([
    ...partial.map((call) => `not whole: ${JSON.stringify(call)}`),
    ...doubled.map((call) => `twice: ${JSON.stringify(call)}`),
    ...shareFaults(kept, frequentCalls),
    ...NODES.filter((name) => (accepted[name] ?? 0) === 0).map((name) => `${name} got no span`),
    ...different('spans accepted by the nodes', (accepted['node-1'] ?? 0) + (accepted['node-2'] ?? 0), spansMade),
  ]);
}

/** @param {import('./exported.mjs').MetricPoint} point */
function isEdge({ attributes: { client, server } }) {
  return client === 'verify-agent' && server === 'verify-server';
}

/** @param {string} what @param {number} found @param {number} expected */
function different(what, found, expected) {
  return found === expected ? [] : [`${what}: ${found} instead of ${expected}`];
}

/**
 * The share, within five standard deviations, and what the two budgets of each frequent tool add to it on each node.
 * @param {number} kept
 * @param {number} made
 */
function shareFaults(kept, made) {
  const share = SHARE_PERCENT / 100;
  const tolerance = 5 * Math.sqrt(made * share * (1 - share));
  const budgets = FREQUENT_TOOLS.length * 2 * NODES.length;
  const budgetCalls = (budgets * (BURST_SPANS + DELIVERY_TIMEOUT_MS / 1_000)) / SPANS_PER_CALL;
  const [least, most] = [made * share - tolerance, made * share + tolerance + budgetCalls];
  return kept >= least && kept <= most ? [] : [`${kept} of ${made} frequent calls were kept, which is not between ${least} and ${most}`];
}

/**
 * Ends a node without warning. The traces it had not decided yet are lost, and no others; what comes while it is down waits in the queue
 * of the gateway, and arrives once.
 * @param {import('./checks.mjs').Place} place
 */
export async function aLostNodeLosesWhatItHeld(place) {
  const tiers = await startTiers(place, { OTELCOL_SAMPLING_WAIT: '12s', OTELCOL_SAMPLING_PERCENT: '100' });
  const some = times(600, { kind: 'any', tool: 'update_context' });
  const arrived = () => spanIdsByTrace(readExport(tiers.dir));
  const accepted = () => latest(tiers.dir, 'otelcol_receiver_accepted_spans');

  const held = await sendCalls(tiers.gateway.httpEndpoint, some);
  await until(() => different('spans that reached the nodes', total(accepted()), held.length * SPANS_PER_CALL), 10_000);
  const heldByNode = (accepted()['node-1'] ?? 0) / SPANS_PER_CALL;
  await tiers.nodes.get('node-1')?.stop('SIGKILL');
  const whileDown = await sendCalls(tiers.gateway.httpEndpoint, some);
  tiers.nodes.set('node-1', await tiers.node('node-1'));

  await until(() => {
    const { missing, partial } = sortOut(whileDown, arrived());
    return [...missing, ...partial].map((call) => `sent while the node was down, and not arrived whole: ${call.traceId}`);
  }, DELIVERY_TIMEOUT_MS);
  await tiers.stop();
  const lost = sortOut(held, arrived());
  print(
    `  of ${held.length} calls that were held as the node was killed, ${lost.missing.length} are lost; of ${whileDown.length} later ones, 0`,
  );
  expectNone([
    ...different('calls lost, of those the killed node held', lost.missing.length, heldByNode),
    ...sortOut([...held, ...whileDown], arrived()).doubled.map((call) => `twice: ${call.traceId}`),
    ...lost.partial.map((call) => `not whole: ${call.traceId}`),
  ]);
}

/** @param {Record<string, number>} byProcess */
function total(byProcess) {
  return NODES.reduce((sum, name) => sum + (byProcess[name] ?? 0), 0);
}

/** @param {import('./checks.mjs').Place} place */
export async function nothingPrivatePassesTwoTiers(place) {
  const tiers = await startTiers(place, { OTELCOL_SAMPLING_WAIT: '1s' }, byName);
  await sendHostile(tiers.gateway.httpEndpoint);
  await until(() => {
    const { spans, metricPoints, logRecords } = readExport(tiers.dir);
    const derived = metricPoints.filter(({ name }) => name === 'traces.span.metrics.calls');
    const found = {
      spans: spans.length,
      points: metricPoints.filter(({ scope }) => scope.startsWith('hostile')).length,
      logs: logRecords.length,
    };
    return [
      ...different('spans', found.spans, 2),
      ...(found.points < 2 ? [`only ${found.points} points of the service arrived`] : []),
      ...different('log records', found.logs, 1),
      ...(derived.length === 0 ? ['no metric was made of the spans'] : []),
    ];
  }, DELIVERY_TIMEOUT_MS);
  await tiers.stop();
  expectNone(findHostileFaults(readRaw(tiers.dir), 'what reached the back ends'));
}
