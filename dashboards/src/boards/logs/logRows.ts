import { lineLabels } from '../../names/logLabels.js';
import { labelName } from '../../names/series.js';
import { toMcp, toTelemetry } from '../../panels/links.js';
import { lines, logs } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';

const STREAMS = `{${labelName('service.name')}=~"$service_name",${labelName('deployment.environment.name')}=~"$environment"}`;
const { level, event, trace, errorType, operation, duration } = lineLabels;
/** What somebody typed, as it is. In double quotes a `"` would end the pattern, and a `\` begin an escape: `"success":false` failed. */
const typed = (variable: string, rest = ''): string => `\`\${${variable}:raw}${rest}\``;
/** An empty text lets everything through. */
const CHOSEN = `${STREAMS} | ${level}=~"$level" | ${event}=~${typed('event', '.*')} | ${trace}=~${typed('trace', '.*')} |~ ${typed('search')}`;
const EMPTY = 'No lines: is the service chosen, and do its logs arrive? See the board of telemetry health';

export function linesRow(): RowSpec {
  return {
    title: 'Log lines',
    panels: [
      {
        kind: 'logs',
        width: 24,
        title: 'Lines',
        description: 'The newest lines first, filtered by the fields above. Open a line to see its attributes; its trace is a click away.',
        unit: 'none',
        queries: [logs(CHOSEN)],
        links: [toMcp],
        empty: EMPTY,
      },
    ],
  };
}

export function volumeRow(): RowSpec {
  const common = { links: [toMcp, toTelemetry], empty: EMPTY } as const;
  const ofOperations = `${STREAMS} | ${operation}!=""`;
  return {
    title: 'How much is logged',
    panels: [
      lines({
        ...common,
        title: 'Lines per second, by level',
        description:
          'error is a failure inside the server, warn an outcome that was reported to a caller. If either rises to a new level, look at the lines.',
        unit: 'ops',
        stacked: true,
        queries: [logs(`sum by (${level}) (rate(${CHOSEN} [$__auto]))`, `{{${level}}}`)],
      }),
      lines({
        ...common,
        title: 'Lines per second, by event',
        description: 'Which events happen. The most frequent ones are operations; the names are in docs/metrics.md.',
        unit: 'ops',
        queries: [logs(`topk(10, sum by (${event}) (rate(${CHOSEN} [$__auto])))`, `{{${event}}}`)],
      }),
      lines({
        ...common,
        title: 'Failures per second, by error type',
        description:
          'Records that have an error type. HANDOFF_* codes are explained in docs/errors.md, other words in the lines themselves.',
        unit: 'ops',
        stacked: true,
        queries: [logs(`sum by (${errorType}) (rate(${CHOSEN} | ${errorType}!="" [$__auto]))`, `{{${errorType}}}`)],
      }),
      lines({
        ...common,
        title: 'Duration of operations from log records, p95',
        description: 'From the log records of a handoff server. It agrees with the metric, and works even if only logs arrive.',
        unit: 'ms',
        width: 24,
        queries: [
          logs(
            `quantile_over_time(0.95, ${ofOperations} | unwrap ${duration} | __error__="" [$__auto]) by (${operation})`,
            `{{${operation}}}`,
          ),
        ],
        empty: 'No operations of a handoff server',
      }),
    ],
  };
}
