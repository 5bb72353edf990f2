import { lokiIndexLabels } from '../../../src/telemetry/catalogue/backEnds.js';
import type { Attributes, CapturedLog, Value } from './captured.js';

/** A log line as Loki keeps it. */
export interface LokiEntry {
  readonly line: string;
  /** What may stand between the braces of a query. */
  readonly indexLabels: ReadonlyMap<string, string>;
  /** The labels of the index and the structured metadata: what the stages after the braces see. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The levels that Loki detects, by the first severity number of each. */
const LEVELS: readonly (readonly [number, string])[] = [
  [21, 'fatal'],
  [17, 'error'],
  [13, 'warn'],
  [9, 'info'],
  [5, 'debug'],
  [1, 'trace'],
];

/** How Loki stores a record that came by OTLP: some attributes of the resource become labels, everything else structured metadata. */
export function lokiEntry(log: CapturedLog): LokiEntry {
  const indexed = Object.entries(log.resource).filter(([key]) => (lokiIndexLabels as readonly string[]).includes(key));
  const indexLabels = new Map(labelsOf(Object.fromEntries(indexed)));
  if (!indexLabels.has('service_name')) indexLabels.set('service_name', 'unknown_service');
  const metadata = [
    ...labelsOf(log.resource),
    ...labelsOf({ 'scope.name': log.scope || undefined }),
    ...labelsOf(log.attributes),
    ...labelsOf({
      trace_id: log.traceId || undefined,
      span_id: log.spanId || undefined,
      severity_text: log.severityText || undefined,
      severity_number: log.severityNumber || undefined,
      detected_level: LEVELS.find(([first]) => log.severityNumber >= first)?.[1] ?? 'unknown',
    }),
  ];
  return { line: log.body, indexLabels, labels: new Map([...metadata, ...indexLabels]) };
}

function labelsOf(attributes: Attributes): readonly (readonly [string, string])[] {
  return Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [[labelName(key), textOf(value)] as const]));
}

/** Dots and other characters become underscores. */
export function labelName(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
