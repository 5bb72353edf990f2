import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_TOOL_NAME, ATTR_MCP_METHOD_NAME } from '../../../../src/telemetry/semconv.js';
import { countSeries, labelName, sumSeries } from '../../../../dashboards/src/names/series.js';
import type { Ledger, Outcome } from '../load/callers.js';
import type { PrometheusApi } from '../queries/prometheusApi.js';
import { arrived } from './arrived.js';
import { samplesOf } from './textFormat.js';

const TOOL = labelName(ATTR_GEN_AI_TOOL_NAME);
const ERROR = labelName(ATTR_ERROR_TYPE);
const METHOD = labelName(ATTR_MCP_METHOD_NAME);
const DURATION = mcpMetrics.serverOperationDuration;
/** Sums of seconds are added up in different orders. */
const ROUNDING = 1e-6;

/** Calls and seconds, by tool, as one path to the metrics has them. */
type Figures = Readonly<Record<string, number>>;

export interface CountsOptions {
  readonly service: string;
  readonly metricsUrl: string;
  readonly ledger: Ledger;
  readonly apis: readonly PrometheusApi[];
}

/**
 * Compares what the clients did with each path to the metrics, after all load has ended. Returns a line for each path.
 *
 * @throws Error that names every difference.
 */
export async function checkCounts({ service, metricsUrl, ledger, apis }: CountsOptions): Promise<string[]> {
  const expected = ofLedger(ledger);
  // A call is answered before it is counted.
  await arrived(async () => compare('/metrics', 'the clients', countsOf(await ofPage(metricsUrl)), expected));
  const paths = await Promise.all(
    apis.map((api) =>
      arrived(async () => {
        const pulled = await ofPage(metricsUrl);
        compare(api.name, '/metrics', await ofApi(api, service), pulled);
        return `${api.name}: ${String(total(pulled))} calls, counts and sums as on /metrics`;
      }),
    ),
  );
  return [`/metrics: ${String(total(expected))} calls, as the clients counted them`, ...paths];
}

/** A tool that the server does not have is `_OTHER` on metrics. */
function ofLedger({ calls }: Ledger): Figures {
  const figures: Record<string, number> = {};
  for (const [key, count] of calls) {
    const [tool = '', outcome = ''] = key.split(' ') as [string, Outcome];
    if (outcome === 'lost') throw new Error(`${String(count)} calls of ${tool} were not answered: nothing can be compared.`);
    const name = tool === 'no_such_tool' ? '_OTHER' : tool;
    const figure = `calls of ${name}${outcome === 'tool_error' ? ' with tool_error' : ''}`;
    figures[figure] = (figures[figure] ?? 0) + count;
  }
  return figures;
}

async function ofPage(url: string): Promise<Figures> {
  const page = await (await fetch(url)).text();
  return figuresOf(samplesOf(page).filter(({ labels }) => labels[METHOD] === 'tools/call'));
}

async function ofApi(api: PrometheusApi, service: string): Promise<Figures> {
  const of = `{job="${service}", ${METHOD}="tools/call"}`;
  const both = await Promise.all([countSeries(DURATION), sumSeries(DURATION)].map((name) => api.query(name + of)));
  return figuresOf(both.flat().map(({ labels, value }) => ({ name: labels['__name__'] ?? '', labels, value })));
}

function figuresOf(samples: readonly { name: string; labels: Readonly<Record<string, string>>; value: number }[]): Figures {
  const figures: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    const what = name === countSeries(DURATION) ? 'calls' : name === sumSeries(DURATION) ? 'seconds' : undefined;
    if (what === undefined) continue;
    const figure = `${what} of ${labels[TOOL] ?? ''}${labels[ERROR] === 'tool_error' ? ' with tool_error' : ''}`;
    figures[figure] = (figures[figure] ?? 0) + value;
  }
  return figures;
}

const countsOf = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([figure]) => figure.startsWith('calls')));
const total = (figures: Figures): number => Object.values(countsOf(figures)).reduce((sum, count) => sum + count, 0);

function compare(got: string, expected: string, gotFigures: Figures, expectedFigures: Figures): void {
  const all = [...new Set([...Object.keys(gotFigures), ...Object.keys(expectedFigures)])];
  const differences = all.filter((figure) => Math.abs((gotFigures[figure] ?? 0) - (expectedFigures[figure] ?? 0)) > ROUNDING);
  if (differences.length === 0) return;
  const lines = differences.map(
    (figure) => `  ${figure}: ${got} ${String(gotFigures[figure])}, ${expected} ${String(expectedFigures[figure])}`,
  );
  throw new Error(`${got} and ${expected} differ:\n${lines.join('\n')}`);
}
