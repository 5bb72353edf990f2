import type {
  Domain,
  LogEventDefinition,
  MetricAttribute,
  MetricDefinition,
  OperationDefinition,
} from '../../../src/telemetry/catalogue/definitions.js';
import { domains } from '../../../src/telemetry/catalogue/domains.js';
import { LABELS, LOSSES } from './lossDocument.js';
import { promName } from '../../../src/telemetry/promName.js';

const HEAD = `# Metrics, spans and log events

Generated from \`src/telemetry/catalogue\` by \`npm run docs\`; a test fails when the two differ.

Every metric is available by OTLP and at the Prometheus endpoint. In Prometheus, either way, it has the Prometheus name given here;
the series of a histogram add \`_bucket\`, \`_sum\` and \`_count\` to that name. A point has no attributes other than those listed. Each
attribute has a limited set of values, because every value makes another time series.
`;

/** The whole of `docs/metrics.md`. */
export function telemetryDocument(): string {
  return [HEAD, ...domains.map(section), LABELS, LOSSES].join('\n');
}

function section({ title, about, metrics = [], operations = [], events = [] }: Domain): string {
  return [
    `## ${title}\n`,
    `${about}\n`,
    ...table(['Metric', 'Prometheus name', 'Kind', 'Unit', 'Attributes', 'Meaning', 'Made by'], metrics.map(metricCells)),
    ...table(['Histogram', 'Buckets'], metrics.flatMap(bucketCells)),
    ...table(['Attribute', 'Values'], attributeRows(metrics)),
    ...table(['Operation', 'When'], operations.map(operationCells)),
    ...table(['Log event', 'Level', 'When'], events.map(eventCells)),
  ].join('\n');
}

/** A Markdown table and an empty line; nothing where there are no rows. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(line), ''];
}

function metricCells({ name, kind, unit, description, attributes, source }: MetricDefinition): string[] {
  const keys = attributes.map(({ key }) => code(key)).join(', ');
  return [code(name), code(promName(name, unit, kind)), kind, code(unit), keys, description, source];
}

function bucketCells({ name, buckets }: MetricDefinition): string[][] {
  return buckets === undefined ? [] : [[code(name), buckets.join(', ')]];
}

/** Each attribute of a domain once; where metrics bound it differently, once for each bound and with the metrics' names. */
function attributeRows(metrics: readonly MetricDefinition[]): string[][] {
  const uses = metrics.flatMap(({ name, attributes }) => attributes.map(({ key, values }) => ({ name, key, values: valuesText(values) })));
  const bounds = Map.groupBy(uses, ({ key, values }) => `${key} ${values}`);
  return [...bounds.values()].flatMap((alike) => {
    const [use] = alike;
    if (use === undefined) return [];
    const isOnly = uses.every(({ key, values }) => key !== use.key || values === use.values);
    return [[isOnly ? code(use.key) : `${code(use.key)} of ${alike.map(({ name }) => code(name)).join(', ')}`, use.values]];
  });
}

function valuesText(values: MetricAttribute['values']): string {
  return typeof values === 'string' ? values : values.map((value) => code(String(value))).join(', ');
}

function operationCells({ name, description }: OperationDefinition): string[] {
  return [code(name), description];
}

function eventCells({ name, level, description }: LogEventDefinition): string[] {
  return [code(name), level, description];
}

function code(text: string): string {
  return `\`${text}\``;
}
