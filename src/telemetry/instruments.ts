import { TraceFlags } from '@opentelemetry/api';
import type { Attributes, Meter, MetricOptions, ObservableResult, Span } from '@opentelemetry/api';
import type { MetricDefinition } from './catalogue/definitions.js';
import { PickedAttributes } from './pickedAttributes.js';
import { attributesFor } from './sharedAttributes.js';
import { SpanOnlyContext } from './spanOnlyContext.js';

/**
 * Records one point. Takes any attributes and keeps only those the catalogue allows, so no id can reach a label by mistake.
 * Never throws: a point is recorded after the row it counts was stored, and a broken meter must not change that.
 */
export type RecordPoint = (value: number, attributes: Attributes) => void;

/**
 * Creates the instrument for a catalogue entry.
 *
 * Histograms record, counters and up-down counters add. Attributes outside `definition.attributes` are dropped. If the
 * meter refuses the instrument, the result records nothing.
 */
export function createInstrument(meter: Meter, definition: MetricDefinition): RecordPoint {
  let record: RecordPoint;
  try {
    record = bind(meter, definition);
  } catch {
    return () => undefined;
  }
  return (value, attributes) => {
    try {
      record(value, attributes);
    } catch {
      // There is nothing to report: the SDK reports its own faults through its diagnostics logger.
    }
  };
}

/** The same for what is measured after its span has ended, perhaps in another context: `span`, if sampled, is the point's exemplar. */
export type RecordSpanPoint = (value: number, attributes: Attributes, span?: Span) => void;

/**
 * A histogram whose attributes the caller guarantees to be those of `definition`: nothing is copied or dropped, so one
 * object may be recorded repeatedly. For hot paths; everything else uses `createInstrument`. Never throws.
 */
export function createExactHistogram(meter: Meter, definition: MetricDefinition): RecordSpanPoint {
  try {
    const histogram = meter.createHistogram(definition.name, histogramOptions(definition));
    const own = attributesFor(histogram);
    return (value, attributes, span) => {
      try {
        const isSampled = span !== undefined && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
        histogram.record(value, own(attributes), isSampled ? new SpanOnlyContext(span) : undefined);
      } catch {
        // As in `createInstrument`.
      }
    };
  } catch {
    return () => undefined;
  }
}

/**
 * Reads a gauge whenever metrics are collected, so that it is exact and costs nothing in between. The caller reports only attributes of
 * `definition`. Returns what ends it. Neither throws.
 */
export function observeGauge(
  meter: Meter,
  { name, unit, description }: MetricDefinition,
  read: (report: (value: number, attributes: Attributes) => void) => void,
): () => void {
  try {
    const gauge = meter.createObservableGauge(name, { unit, description });
    const collect = (result: ObservableResult): void => {
      try {
        read((value, attributes) => result.observe(value, attributes));
      } catch {
        // As in `createInstrument`.
      }
    };
    gauge.addCallback(collect);
    return () => gauge.removeCallback(collect);
  } catch {
    return () => undefined;
  }
}

function histogramOptions({ unit, description, buckets }: MetricDefinition): MetricOptions {
  return { unit, description, ...(buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } }) };
}

function bind(meter: Meter, definition: MetricDefinition): RecordPoint {
  const options = { unit: definition.unit, description: definition.description };
  const picked = new PickedAttributes(definition.attributes.map(({ key }) => key));
  if (definition.kind === 'histogram') {
    const histogram = meter.createHistogram(definition.name, histogramOptions(definition));
    const own = attributesFor(histogram);
    return (value, attributes) => histogram.record(value, own(picked.of(attributes)));
  }
  if (definition.kind === 'gauge') {
    const gauge = meter.createGauge(definition.name, options);
    const own = attributesFor(gauge);
    return (value, attributes) => gauge.record(value, own(picked.of(attributes)));
  }
  const counter =
    definition.kind === 'counter' ? meter.createCounter(definition.name, options) : meter.createUpDownCounter(definition.name, options);
  const own = attributesFor(counter);
  return (value, attributes) => counter.add(value, own(picked.of(attributes)));
}
