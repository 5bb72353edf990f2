import { ValueType, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Context, Meter, MeterProvider, MetricOptions } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import { replaceMethod } from '../patching/replaceMethod.js';
import { SCOPE_NAME } from '../../telemetry/scope.js';
import type { Clock } from '../../time/clock.js';
import type { ExemplarFilter } from '../settings/metrics.js';
import type { Reservoirs } from './reservoirs.js';
import type { NotedKind } from './viewsOf.js';

const SAMPLED = 1;

type Note = (value: number, attributes: Attributes | undefined, ctx: Context | undefined) => void;

export interface NotingOptions {
  readonly reservoirs: Reservoirs;
  readonly filter: Exclude<ExemplarFilter, 'always_off'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * Makes every counter and histogram that `provider` creates from now on record in its reservoir what it measured in which span.
 *
 * Works on the provider itself, by own properties over its public methods, and not by a wrapper registered in its place: whatever
 * the host checks or calls on it (`instanceof`, `forceFlush`, batch callbacks) stays the SDK's own. Returns a function that undoes
 * it; instruments created in between keep recording, into reservoirs that nobody reads. The host may pass in anything: only the SDK
 * decides what to throw for, and what cannot be recorded is counted all the same.
 */
export function noteMeasurements(provider: MeterProvider, options: NotingOptions): () => void {
  const { getMeter } = provider;
  const noted = new WeakSet<Meter>();
  const { constructor: SdkMeter } = getMeter.call(provider, SCOPE_NAME);
  return replaceMethod(provider, 'getMeter', (name, version, meterOptions) => {
    const meter = getMeter.call(provider, name, version, meterOptions);
    // The SDK keeps one meter per scope. After its shutdown it returns a no-op one, which everybody shares.
    if (!noted.has(meter) && meter.constructor === SdkMeter) {
      noted.add(meter);
      const schemaUrl = meterOptions?.schemaUrl;
      noteOnMeter(meter, { name, version: version ?? '', ...(schemaUrl === undefined ? {} : { schemaUrl }) }, options);
    }
    return meter;
  });
}

function noteOnMeter(meter: Meter, scope: InstrumentationScope, options: NotingOptions): void {
  const { createCounter, createHistogram } = meter;
  meter.createCounter = (name, given) => {
    const counter = createCounter.call(meter, name, given);
    const { add } = counter;
    const note = noteSafely('counter', scope, name, given, options);
    counter.add = (value, attributes, ctx) => {
      add.call(counter, value, attributes, ctx);
      note(value, attributes, ctx);
    };
    return counter;
  };
  meter.createHistogram = (name, given) => {
    const histogram = createHistogram.call(meter, name, given);
    const { record } = histogram;
    const note = noteSafely('histogram', scope, name, given, options);
    histogram.record = (value, attributes, ctx) => {
      record.call(histogram, value, attributes, ctx);
      note(value, attributes, ctx);
    };
    return histogram;
  };
}

/** Wraps `createNote` so that neither it nor its result ever throws into the host. */
function noteSafely(...given: Parameters<typeof createNote>): Note {
  try {
    const note = createNote(...given);
    return (value, attributes, ctx) => {
      try {
        note(value, attributes, ctx);
      } catch {
        // An odd context, or an attribute with a getter that fails: this measurement gets no exemplar.
      }
    };
  } catch {
    return () => undefined;
  }
}

/** Returns what runs with every measurement: it must be cheap when nothing is sampled, and take only what the SDK takes. */
function createNote(
  kind: NotedKind,
  scope: InstrumentationScope,
  name: string,
  given: MetricOptions | null | undefined,
  options: NotingOptions,
): Note {
  const { filter, clock, reservoirs } = options;
  const reservoir = reservoirs.of(scope, kind, name, given ?? undefined);
  const wantsAll = filter === 'always_on';
  const isWhole = given?.valueType === ValueType.INT;
  return (value, attributes, ctx) => {
    let span = trace.getSpanContext(ctx ?? context.active());
    if (span === undefined || (span.traceFlags & SAMPLED) === 0) {
      if (!wantsAll) return;
      if (span !== undefined && !isSpanContextValid(span)) span = undefined;
    }
    // Not a number, or negative: the SDK has refused it.
    if (typeof value !== 'number' || !(value >= 0)) return;
    reservoir.note(isWhole ? Math.trunc(value) : value, attributes, span, clock.nowMs());
  };
}
