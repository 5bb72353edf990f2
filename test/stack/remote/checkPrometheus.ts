import { ATTR_ERROR_TYPE, ATTR_GEN_AI_TOOL_NAME, ATTR_RPC_RESPONSE_STATUS_CODE } from '../../../src/telemetry/semconv.js';
import { mcpMetrics } from '../../../src/telemetry/catalogue/mcp.js';
import { countSeries, labelName } from '../../../dashboards/src/names/series.js';
import { readBoards } from '../queries/boards.js';
import { fill } from '../queries/variables.js';
import type { CallRecord } from '../workload/calls.js';
import { reasonForNothing } from './askedPrograms.js';
import { eventually, eventuallyAll } from './eventually.js';
import { inlineRules } from './inlineRules.js';
import { panelQueries, valuesFor } from './panels.js';
import type { FilledQuery } from './panels.js';
import type { PrometheusApi } from './prometheusApi.js';
import { AllowedEmpty } from './report.js';
import { ruleExpressions } from './ruleFiles.js';
import type { RuleExpression } from './ruleFiles.js';
import { patience, times } from './run.js';
import type { Run } from './run.js';
import type { Found } from './report.js';

const PART = 'Prometheus';
/** Between two values of a panel. */
const STEP_S = 15;
const TOOL = labelName(ATTR_GEN_AI_TOOL_NAME);
const ERROR = labelName(ATTR_ERROR_TYPE);
const STATUS = labelName(ATTR_RPC_RESPONSE_STATUS_CODE);

/** What a client saw and a server counted, by tool and outcome. */
type Tally = Readonly<Record<string, number>>;

export async function checkCounts(run: Run, prometheus: PrometheusApi): Promise<void> {
  const { report, workload, calls } = run;
  await report.check(PART, 'answers', async () => `version ${await prometheus.version()}`);
  await report.check(PART, 'counts of tool calls equal what the client did', async () => {
    const expected = tallyOf(calls);
    const series = countSeries(mcpMetrics.serverOperationDuration);
    const query = `sum by (${TOOL}, ${ERROR}, ${STATUS}) (${series}{job="${workload.serverName}", mcp_method_name="tools/call"})`;
    return eventually(patience.prometheus, async () => {
      const counted = await prometheus.query(query);
      const found: Tally = Object.fromEntries(counted.map(({ metric, value }) => [keyOf(metric), value]));
      if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(expected))) {
        throw new Error(`${query}\nclient: ${JSON.stringify(sorted(expected))}\nserver: ${JSON.stringify(sorted(found))}`);
      }
      return `${calls.filter(({ method }) => method === 'tools/call').length} calls: ${JSON.stringify(sorted(found))}`;
    });
  });
}

function tallyOf(calls: readonly CallRecord[]): Tally {
  const tally: Record<string, number> = {};
  for (const { method, target, outcome } of calls) {
    if (method !== 'tools/call') continue;
    // A tool that the server does not have shares one label.
    const key = outcome === 'protocol_error' ? '_OTHER protocol_error' : `${target} ${outcome}`;
    tally[key] = (tally[key] ?? 0) + 1;
  }
  return tally;
}

function keyOf(metric: Readonly<Record<string, string>>): string {
  const outcome = metric[ERROR] ?? (metric[STATUS] === undefined ? 'success' : 'protocol_error');
  return `${metric[TOOL] ?? ''} ${outcome}`;
}

function sorted(tally: Tally): Tally {
  return Object.fromEntries(Object.entries(tally).sort(([a], [b]) => a.localeCompare(b)));
}

/** Every query of every panel, and what fills the choices at the top of the boards. */
export async function checkPanels(run: Run, prometheus: PrometheusApi): Promise<void> {
  const { report } = run;
  const rules = await missingRules(prometheus);
  const queries = (await panelQueries(run, PART, 'promql')).map((query) => ({ ...query, asked: inlineRules(query.text, rules) }));
  const failures = await eventuallyAll(patience.prometheus, queries, (query) => expectData(run, prometheus, query));
  for (const query of queries) {
    await report.check(PART, query.name, async (): Promise<Found> => {
      const failure = failures.get(query);
      const inPlace = query.asked === query.text ? undefined : 'with the expressions of rules that are not loaded';
      if (failure === undefined) return inPlace;
      if (failure !== NOTHING) throw new Error(`${failure.message}\n${query.asked}`, { cause: failure });
      return reasonForNothing(query.asked, prometheus);
    });
  }
  await checkChoices(run, prometheus);
}

const NOTHING = new Error('answered with nothing');

/** The rules of the repository that this Prometheus does not evaluate. */
async function missingRules(prometheus: PrometheusApi): Promise<readonly RuleExpression[]> {
  const loaded = new Set(await prometheus.rules());
  return ruleExpressions().filter(({ name }) => !loaded.has(name));
}

async function expectData(run: Run, prometheus: PrometheusApi, { asked, query }: FilledQuery & { readonly asked: string }): Promise<void> {
  const { fromMs, toMs } = times(run);
  const series = query.isInstant ? await prometheus.query(asked) : await prometheus.range(asked, fromMs, toMs, STEP_S);
  if (series.length === 0) throw NOTHING;
}

async function checkChoices({ report, ...run }: Run, prometheus: PrometheusApi): Promise<void> {
  for (const board of readBoards()) {
    const values = valuesFor({ report, ...run }, board);
    for (const { name, query } of board.variables) {
      const parts = /^label_values\((?:(.*),)?\s*(\w+)\s*\)$/s.exec(query.trim());
      if (parts === null) continue;
      await report.check(PART, `${board.uid} / choice ${name}`, async () => {
        const [, selector = '{__name__=~".+"}', label = ''] = parts;
        const found = await prometheus.labelValues(label, fill(selector, values));
        if (found.length === 0) throw new Error(`no value of ${label} in ${fill(selector, values)}`);
      });
    }
    for (const annotation of board.annotations) {
      await report.check(PART, `${board.uid} / annotation`, async () => void (await prometheus.query(fill(annotation, values))));
    }
  }
}

/** Every rule: its expression must be answered, with something or with nothing. */
export async function checkRules({ report, rulesAreExpected }: Run, prometheus: PrometheusApi): Promise<void> {
  const part = 'rules';
  const rules = ruleExpressions();
  const missing = await missingRules(prometheus);
  await report.check(part, 'are loaded', () => {
    if (missing.length === 0) return `${rules.length} rules`;
    const what = `${missing.length} of ${rules.length} rules are not loaded, among them ${missing[0]?.name ?? ''}`;
    const advice = 'add dashboards/alerts/rules/*.yaml to rule_files';
    if (rulesAreExpected) throw new Error(`${what}: ${advice}`);
    return new AllowedEmpty(`${what}; their expressions are asked instead. To see them at work, ${advice}`);
  });
  for (const { name, expr } of rules) {
    await report.check(part, name, async () => {
      const asked = inlineRules(expr, missing);
      const series = await prometheus.query(asked).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${asked}`, { cause: error });
      });
      return `${series.length} series`;
    });
  }
}
