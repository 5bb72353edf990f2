import { metrics, operations } from '../../../src/telemetry/catalogue.js';
import type { MetricDefinition, OperationName } from '../../../src/telemetry/catalogue.js';
import { libraryMetrics } from '../../../src/telemetry/libraryMetrics.js';
import { LABELS, LOSSES } from './lossDocument.js';
import { allPipelineMetrics } from '../../../src/telemetry/pipelineMetrics.js';
import { promName } from '../../../src/telemetry/promName.js';

const HEAD = `# Metrics, spans and log events

Generated from \`src/telemetry/catalogue.ts\` by \`npm run docs\`; a test fails when the two differ.

Metrics leave by OTLP and at the Prometheus endpoint, from the same instruments and under the Prometheus name given here.
A histogram's series add \`_bucket\`, \`_sum\` and \`_count\` to it. A point carries no attribute but the ones listed; a value
outside the known set of an attribute becomes \`_OTHER\`.
`;

const LIBRARIES = `## Metrics of the libraries

Of the libraries that \`instrument()\` covers, under the names the conventions or their makers gave them. Pools of one database
add up: a pool has no name of its own, so \`db.client.connection.pool.name\` is that of the database, as the conventions ask.

| Name | Prometheus name | Kind | Unit | Attributes | Meaning | Made by |
|---|---|---|---|---|---|---|
${libraryMetrics.map(libraryRow).join('\n')}
`;

const PIPELINES = `## Metrics of telemetry itself

What becomes of spans and log records that leave by OTLP, under the names of OpenTelemetry's conventions. \`status()\` has the same
counts. Alert on \`error.type="queue_full"\`: those were lost.

| Name | Prometheus name | Kind | Unit | Attributes | Meaning | Made by |
|---|---|---|---|---|---|---|
${allPipelineMetrics.map(libraryRow).join('\n')}
`;

const OPERATIONS = `One operation of a handoff service is one INTERNAL span, one log record and one point of \`${metrics.operationDuration.name}\`.
The name is the span's name, the record's \`event.name\` and the point's \`handoff.operation.name\`. The record carries
\`durationMs\`, \`success\` and the span's attributes; its level is \`info\`, \`warn\` for an outcome the caller is told about
(\`error.type\` says which) and \`error\` for a failure inside.
`;

/** What each operation is. The type makes a new operation without a sentence a compile error. */
const MEANING: Readonly<Record<OperationName, string>> = {
  [operations.sessionRegister]: 'A session is opened (tool `register_session`).',
  [operations.contextAppend]: 'An entry is added to a session (tool `update_context`).',
  [operations.sessionHandoff]: 'A session is handed to another agent (tool `request_handoff`).',
  [operations.sessionList]:
    'Sessions are listed (tool `list_sessions`, resources `handoff://sessions` and `handoff://agents/{agentId}/sessions`).',
  [operations.contextRead]:
    'A session is read with a page of its entries, or a range of one text (tool `get_context`, resource `handoff://context/{sessionKey}`).',
  [operations.summaryRead]: 'The summary of a session is read (tool `get_summary`, resource `handoff://summary/{sessionKey}`).',
  [operations.storageMigrate]: 'The database is brought up to date, or checked to be, when a server starts.',
};

/** The whole of `docs/metrics.md`. */
export function telemetryDocument(): string {
  const rows = Object.values(operations).map((name) => `| \`${name}\` | ${MEANING[name]} |`);
  return [
    HEAD,
    '## Metrics\n',
    ...Object.values(metrics).map(metricSection),
    LIBRARIES,
    PIPELINES,
    '## Operations: spans and log events\n',
    OPERATIONS,
    `| Name | When |\n|---|---|\n${rows.join('\n')}\n`,
    LABELS,
    LOSSES,
  ].join('\n');
}

function libraryRow({ name, kind, unit, description, attributes, source }: MetricDefinition): string {
  const labels = attributes.map((attribute) => `\`${attribute}\``).join(', ');
  return `| \`${name}\` | \`${promName(name, unit, kind)}\` | ${kind} | \`${unit}\` | ${labels} | ${description} | ${source} |`;
}

function metricSection(metric: MetricDefinition): string {
  const { name, kind, unit, description, buckets, attributes, source } = metric;
  const facts = [
    ['Prometheus name', `\`${promName(name, unit, kind)}\``],
    ['Kind', kind],
    ['Unit', `\`${unit}\``],
    ...(kind === 'histogram' ? [['Buckets', buckets === undefined ? `those of ${source}` : buckets.join(', ')]] : []),
    ['Attributes', attributes.map((attribute) => `\`${attribute}\``).join(', ')],
    ['Made by', source],
  ];
  return `### \`${name}\`\n\n${description}\n\n| | |\n|---|---|\n${facts.map((fact) => `| ${fact.join(' | ')} |`).join('\n')}\n`;
}
