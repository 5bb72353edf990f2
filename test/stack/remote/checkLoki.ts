import { lokiIndexLabels } from '../../../src/telemetry/catalogue/backEnds.js';
import { labelName } from '../queries/lokiEntry.js';
import { eventually, eventuallyAll } from './eventually.js';
import type { LokiApi } from './lokiApi.js';
import { panelQueries } from './panels.js';
import { patience, times } from './run.js';
import type { Run } from './run.js';

const PART = 'Loki';
/** Structured metadata that boards, links and people search by, on the line of every finished operation. */
const METADATA = [
  'trace_id',
  'span_id',
  'detected_level',
  'severity_text',
  'event_name',
  'handoff_operation_name',
  'durationMs',
  'success',
];

/** The lines of the workload: one for each operation, with the labels that the boards use. */
export async function checkLines(run: Run, loki: LokiApi): Promise<void> {
  const { report, workload, calls } = run;
  const selector = `{service_name="${workload.serverName}"}`;
  const window = (): [number, number] => [times(run).fromMs, times(run).toMs + 1000];
  await report.check(PART, 'answers', async () => `version ${await loki.version()}`);
  await report.check(PART, 'has one line for each entry that was added', () => {
    const added = calls.filter(({ target, outcome }) => target === 'update_context' && outcome === 'success');
    const query = `${selector} | event_name="handoff.context.append" | success="true"`;
    return eventually(patience.loki, async () => {
      const { lines } = await loki.query(query, ...window(), 5000);
      const byTrace = Map.groupBy(lines, ({ labels }) => labels['trace_id']);
      const wrong = added.filter(({ traceId }) => byTrace.get(traceId)?.length !== 1);
      if (wrong.length > 0 || lines.length < added.length) {
        throw new Error(`${query}: ${lines.length} lines for ${added.length} entries; not one line for ${wrong[0]?.traceId ?? ''}`);
      }
      return `${added.length} entries`;
    });
  });
  await report.check(PART, 'has the labels of the index that the catalogue names', async () => {
    const labels = (await loki.indexLabels(selector, ...window())).filter((name) => !name.startsWith('__'));
    const known = lokiIndexLabels.map(labelName);
    const unknown = labels.filter((name) => !known.includes(name));
    const missing = ['service_name', 'deployment_environment_name'].filter((name) => !labels.includes(name));
    if (unknown.length + missing.length > 0) {
      throw new Error(`labels: ${labels.join(', ')}; not in the catalogue: ${unknown.join(', ')}; missing: ${missing.join(', ')}`);
    }
    return labels.join(', ');
  });
  await report.check(PART, 'has the structured metadata that the boards use', async () => {
    const { lines } = await loki.query(`${selector} | event_name="handoff.context.append"`, ...window());
    const [line] = lines;
    if (line === undefined) throw new Error('no line of handoff.context.append');
    const missing = METADATA.filter((name) => line.labels[name] === undefined);
    if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}; there are: ${Object.keys(line.labels).join(', ')}`);
    return `${Object.keys(line.labels).length} labels on a line`;
  });
}

/** Every query of every panel. */
export async function checkLogPanels(run: Run, loki: LokiApi): Promise<void> {
  const queries = await panelQueries(run, PART, 'logql');
  const failures = await eventuallyAll(patience.loki, queries, async ({ text }) => {
    const { fromMs, toMs } = times(run);
    const { lines, series } = await loki.query(text, fromMs, toMs);
    if (lines.length + series.length === 0) throw new Error(`answered with nothing: ${text}`);
  });
  for (const query of queries) {
    await run.report.check(PART, query.name, () => {
      const failure = failures.get(query);
      if (failure !== undefined) throw failure;
    });
  }
}
