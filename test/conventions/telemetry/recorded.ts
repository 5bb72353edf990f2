import type { Attributes } from '@opentelemetry/api';
import type { Exchange, Side } from '../wire/message.js';
import type { Cell } from '../cells/cell.js';

/** A finished span as an exporter got it, as plain data: mutants are made by rewriting it. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes: Attributes;
  readonly status: 'unset' | 'ok' | 'error';
  readonly description: string | undefined;
  readonly spanId: string;
  readonly parentId: string | undefined;
}

export interface RecordedPoint {
  readonly attributes: Attributes;
  readonly count: number;
  readonly sum: number;
  readonly boundaries: readonly number[];
}

export interface RecordedMetric {
  readonly name: string;
  readonly unit: string;
  readonly instrument: string;
  readonly points: readonly RecordedPoint[];
}

export interface SideTelemetry {
  readonly spans: readonly RecordedSpan[];
  readonly metrics: readonly RecordedMetric[];
}

/** All that one run of the traffic in one cell left behind. */
export interface Recording {
  readonly cell: Cell;
  /** Whether everything the conventions make opt-in was asked for. */
  readonly optedIn: boolean;
  /** Whether the connection broke instead of being closed. */
  readonly broken: boolean;
  /** What the host said the connection runs over, where nothing else can tell. */
  readonly network: Readonly<Record<string, string>> | undefined;
  readonly exchanges: readonly Exchange[];
  readonly sessionId: string | undefined;
  readonly address: { readonly host: string; readonly port: number } | undefined;
  /** The connection's own length, seconds: no session can be longer. */
  readonly seconds: number;
  readonly telemetry: Readonly<Record<Side, SideTelemetry>>;
  /** Cases whose run failed, with the reason. */
  readonly troubles: ReadonlyMap<string, string>;
}
