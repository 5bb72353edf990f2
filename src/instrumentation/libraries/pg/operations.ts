import { SpanKind, SpanStatusCode, context } from '@opentelemetry/api';
import type { Attributes, Meter, Span, Tracer } from '@opentelemetry/api';
import { databaseMetrics } from '../../../telemetry/catalogue/database.js';
import { linksTo, originIn } from '../../../telemetry/detached.js';
import { markBuiltSafe } from '../../../telemetry/guard/builtSafe.js';
import { SqlStatements } from '../../../telemetry/guard/sqlStatements.js';
import type { SafeStatement } from '../../../telemetry/guard/sqlStatements.js';
import { OTHER_VERB } from '../../../telemetry/guard/sqlVerb.js';
import { createExactHistogram } from '../../../telemetry/instruments.js';
import type { RecordSpanPoint } from '../../../telemetry/instruments.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import { pgErrorType, sqlState } from './pgErrorType.js';
import type { MetricNames } from './metricNames.js';
import { Places } from './place.js';
import type { Place } from './place.js';
import { isRecord } from '../../../values/guards.js';
import type { PgClient } from './pgTypes.js';

export interface OperationDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
}

/** One query in flight. Only the first end counts. */
export interface Operation {
  succeed(): void;
  fail(error: unknown): void;
}

/** A prepared statement called by its name alone, or no SQL at all. */
const NO_STATEMENT: SafeStatement = { text: '', verb: OTHER_VERB };

/**
 * Creates a span and a duration for every query, from guarded parts: they never hold anything raw, whichever SDK this is.
 *
 * A query outside any span, or under one that ended long ago, begins a trace of its own, with a link to the span in which its loop
 * or connection was started.
 */
export class Operations {
  readonly #statements = new SqlStatements();
  readonly #places: Places;
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  readonly #record: RecordSpanPoint;

  /** @param names of databases in metrics */
  constructor({ tracer, meter, clock }: OperationDependencies, names: MetricNames) {
    this.#places = new Places(names);
    this.#tracer = tracer;
    this.#clock = clock;
    this.#nowMs = () => clock.nowMs();
    this.#record = createExactHistogram(meter, databaseMetrics.operationDuration);
  }

  /** Returns `undefined` when it cannot be traced, for whatever reason; the query must go on. */
  start(client: PgClient, query: unknown): Operation | undefined {
    try {
      return this.#begin(this.#places.of(client), sqlOf(query), this.#clock.monotonicMs());
    } catch {
      return undefined;
    }
  }

  /** A query that failed before there was a client to send it. */
  failed(place: Place, query: unknown, error: unknown, waitedMs: number): void {
    try {
      const startMs = this.#clock.monotonicMs() - waitedMs;
      this.#begin(place, sqlOf(query), startMs, this.#clock.nowMs() - waitedMs).fail(error);
    } catch {
      // The query goes on untraced, as above.
    }
  }

  #begin(place: Place, sql: string | undefined, startMs: number, startTime?: number): Operation {
    const { text, verb } = sql === undefined ? NO_STATEMENT : this.#statements.safe(sql);
    const { name, labels } = place.statement(verb);
    const attributes: Attributes = { ...place.attributes, [semconv.ATTR_DB_OPERATION_NAME]: verb };
    if (text !== '') attributes[semconv.ATTR_DB_QUERY_TEXT] = text;
    const { parent, startedIn } = originIn(context.active(), this.#nowMs);
    const from = parent === undefined ? { root: true, ...linksTo(startedIn) } : {};
    const span = this.#tracer.startSpan(name, {
      kind: SpanKind.CLIENT,
      attributes,
      ...from,
      ...(startTime === undefined ? {} : { startTime }),
    });
    markBuiltSafe(span);
    return new Running(span, labels, startMs, this.#clock, this.#record);
  }
}

class Running implements Operation {
  #hasEnded = false;
  readonly #span: Span;
  readonly #labels: Attributes;
  readonly #startMs: number;
  readonly #clock: Clock;
  readonly #record: RecordSpanPoint;

  constructor(span: Span, labels: Attributes, startMs: number, clock: Clock, record: RecordSpanPoint) {
    this.#span = span;
    this.#labels = labels;
    this.#startMs = startMs;
    this.#clock = clock;
    this.#record = record;
  }

  succeed(): void {
    this.#end(this.#labels);
  }

  fail(error: unknown): void {
    if (this.#hasEnded) return;
    const type = pgErrorType(error);
    const state = sqlState(type);
    const message = state === undefined ? type : `SQLSTATE ${state}`;
    this.#end({ ...this.#labels, [semconv.ATTR_ERROR_TYPE]: type }, () => {
      this.#span.setAttribute(semconv.ATTR_ERROR_TYPE, type);
      if (state !== undefined) this.#span.setAttribute(semconv.ATTR_DB_RESPONSE_STATUS_CODE, state);
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
    });
  }

  #end(labels: Attributes, describeFailure?: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    try {
      describeFailure?.();
      this.#record((this.#clock.monotonicMs() - this.#startMs) / 1000, labels, this.#span);
      this.#span.end();
    } catch {
      // Another vendor's SDK may throw. This runs inside the host's callbacks, which must be called.
    }
  }
}

/** Returns the SQL of whatever was given to `query()`: a text, an object with one, or a stream around a cursor. */
function sqlOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (!isRecord(query)) return undefined;
  const { text, cursor } = query;
  if (typeof text === 'string') return text;
  return isRecord(cursor) ? sqlOf({ text: cursor['text'] }) : undefined;
}
