import type { Attributes } from '@opentelemetry/api';
import type { RecordedMetric, RecordedPoint, RecordedSpan, Recording, SideTelemetry } from '../telemetry/recorded.js';

/** A defect the suite must notice: what was recorded, as a faulty instrumentation would have emitted it. */
export interface Mutant {
  readonly name: string;
  /** The assertion that must fail; another one failing too does not count. */
  readonly subject: string;
  readonly signal: 'span' | 'metric';
  readonly apply: (recording: Recording) => Recording;
  /** Why it may change nothing anywhere: nobody emits what it would take away. */
  readonly idle?: string;
}

function onBothSides(recording: Recording, change: (telemetry: SideTelemetry) => SideTelemetry): Recording {
  const { client, server } = recording.telemetry;
  return { ...recording, telemetry: { client: change(client), server: change(server) } };
}

/** Rewrites every span; answers with several or none to double or to lose it. */
export function onSpans(rewrite: (span: RecordedSpan) => RecordedSpan | readonly RecordedSpan[]): Mutant['apply'] {
  return (recording) => onBothSides(recording, (telemetry) => ({ ...telemetry, spans: telemetry.spans.flatMap(rewrite) }));
}

export function onMetrics(rewrite: (metric: RecordedMetric) => RecordedMetric | readonly RecordedMetric[]): Mutant['apply'] {
  return (recording) => onBothSides(recording, (telemetry) => ({ ...telemetry, metrics: telemetry.metrics.flatMap(rewrite) }));
}

export function onPoints(metric: string, rewrite: (point: RecordedPoint) => RecordedPoint): Mutant['apply'] {
  return onMetrics((each) => (each.name === metric ? { ...each, points: each.points.map(rewrite) } : each));
}

export function without(attributes: Attributes, key: string): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([each]) => each !== key));
}

/** The value a careless instrumentation would write: of the right type, and wrong. */
export function spoiled(value: unknown): string | number {
  return typeof value === 'number' ? value + 1 : `${String(value)}!`;
}
