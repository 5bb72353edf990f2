import { matches, selector } from '../../names/selectors.js';
import { labelName } from '../../names/series.js';
import { toMcp, toTelemetry } from '../../panels/links.js';
import { column, lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { aggregated } from '../../promql/expressions.js';

const VERSION = labelName('service.version');
/** Columns and their headings. */
const COLUMNS: Readonly<Record<string, string>> = {
  job: 'Service',
  instance: 'Instance',
  [VERSION]: 'Version',
  process_runtime_version: 'Node.js',
  host_name: 'Host',
  telemetry_sdk_version: 'OpenTelemetry SDK',
};

/** Which processes there are. `target_info` has no environment on the pull path, hence no filter on it. */
export function processesRow(): RowSpec {
  const targets = selector('target_info', [matches('job', '$service'), matches('instance', '$instance')]);
  return {
    title: 'Processes and versions',
    panels: [
      {
        kind: 'table',
        width: 16,
        title: 'Processes',
        description:
          'Every process that has recently sent metrics, with its versions. Two versions for a long time mean that a deployment is stuck.',
        unit: 'none',
        queries: [column(aggregated('count', targets, Object.keys(COLUMNS)))],
        hidden: ['Value'],
        headings: COLUMNS,
        links: [toMcp],
        empty: 'No process',
      },
      lines({
        title: 'Processes, by version',
        description:
          'A deploy moves processes from one line to the other. If one line falls and no other rises, a process has died or its telemetry is lost.',
        unit: 'short',
        stacked: true,
        queries: [lineOf(aggregated('count', targets, ['job', VERSION]), `{{job}} {{${VERSION}}}`)],
        links: [toTelemetry],
        empty: 'No process',
      }),
    ],
  };
}
