import { ValueType } from '@opentelemetry/api';
import type { Attributes, Context, Meter, MeterProvider } from '@opentelemetry/api';
import { SCOPE_NAME } from '../../../telemetry/scope.js';
import { noteReader } from '../../../telemetry/sharedAttributes.js';
import { replaceMethod } from '../../patching/replaceMethod.js';
import { KnownSeries } from './knownSeries.js';
import { storagesOf } from './sdkSeries.js';

type Measure = (value: number, attributes?: Attributes, ctx?: Context) => void;

/**
 * Has histograms and counters of our own scope look up a series once, and not for each measurement, where their attributes are frozen
 * (`KnownSeries`). All other scopes keep the SDK's, and so does ours where the SDK is not as we know it. Call it before anything asks the
 * provider for a meter. Returns a function that undoes it; instruments created in between stay as they are.
 */
export function useOwnMeters(provider: MeterProvider): () => void {
  const { getMeter } = provider;
  const known = new WeakSet<Meter>();
  // After its shutdown the provider gives a meter that does nothing, and that everybody shares.
  const { constructor: SdkMeter } = getMeter.call(provider, SCOPE_NAME);
  return replaceMethod(provider, 'getMeter', (name, version, options) => {
    const meter = getMeter.call(provider, name, version, options);
    if (name === SCOPE_NAME && !known.has(meter) && meter.constructor === SdkMeter) {
      known.add(meter);
      hastenMeter(meter);
    }
    return meter;
  });
}

function hastenMeter(meter: Meter): void {
  const { createCounter, createHistogram } = meter;
  meter.createCounter = (name, options) => {
    const counter = createCounter.call(meter, name, options);
    if (options?.valueType !== ValueType.INT) counter.add = hastened(counter, counter.add.bind(counter));
    return counter;
  };
  meter.createHistogram = (name, options) => {
    const histogram = createHistogram.call(meter, name, options);
    if (options?.valueType !== ValueType.INT) histogram.record = hastened(histogram, histogram.record.bind(histogram));
    return histogram;
  };
}

function hastened(instrument: object, record: Measure): Measure {
  const storages = storagesOf(instrument);
  if (storages === undefined) return record;
  noteReader(instrument);
  const series = new KnownSeries(storages);
  return (value, attributes, ctx) => {
    // What is no number, or negative, the SDK refuses.
    if (attributes === undefined || !(typeof value === 'number' && value >= 0)) return record(value, attributes, ctx);
    if (series.add(value, attributes)) return;
    record(value, attributes, ctx);
    series.learn(attributes);
  };
}
