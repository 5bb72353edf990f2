import type { Attributes } from '@opentelemetry/api';
import type { AggregationOption, InstrumentType, ViewOptions } from '@opentelemetry/sdk-metrics';
import { boundedDbAttributes } from '../../telemetry/guard/metricAttributes.js';
import { databaseMetrics } from '../../telemetry/catalogue/database.js';
import { ATTR_DB_SYSTEM_NAME } from '../../telemetry/semconv.js';
import { keyFilter } from './keyFilter.js';
import { guardViews } from './guardViews.js';
import type { SdkModules } from './sdkModules.js';
import type { InstrumentKind } from '../settings/metrics.js';
import type { AggregationChoice, ViewSettings } from '../settings/views.js';

/** The SDK's names for its own kinds. */
const TYPES: Readonly<Record<InstrumentKind, keyof typeof InstrumentType>> = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  histogram: 'HISTOGRAM',
  observable_counter: 'OBSERVABLE_COUNTER',
  observable_gauge: 'OBSERVABLE_GAUGE',
  observable_up_down_counter: 'OBSERVABLE_UP_DOWN_COUNTER',
  up_down_counter: 'UP_DOWN_COUNTER',
};

/** Returns our guards on what libraries record, and the views of a configuration file, which get the same guard. */
export function createViews(sdk: Pick<SdkModules, 'metrics'>, settings: readonly ViewSettings[]): ViewOptions[] {
  const views = settings.map((view) => createView(sdk, view));
  // An instrument that two views match is exported twice under one name.
  const replaced = (guard: ViewOptions): boolean =>
    settings.some(({ selector }) => isOnlyName(selector) && selector.instrumentName === guard.instrumentName);
  return [...guardViews.filter((guard) => !replaced(guard)), ...views];
}

function isOnlyName(selector: ViewSettings['selector']): boolean {
  return Object.keys(selector).every((key) => key === 'instrumentName');
}

function createView({ metrics: sdk }: Pick<SdkModules, 'metrics'>, view: ViewSettings): ViewOptions {
  const { instrumentName, instrumentKind, unit, meterName, meterVersion, meterSchemaUrl } = view.selector;
  const keeps = view.attributeKeys === undefined ? undefined : keyFilter(view.attributeKeys);
  return {
    ...(instrumentName === undefined ? {} : { instrumentName }),
    ...(instrumentKind === undefined ? {} : { instrumentType: sdk.InstrumentType[TYPES[instrumentKind]] }),
    ...(unit === undefined ? {} : { instrumentUnit: unit }),
    ...(meterName === undefined ? {} : { meterName }),
    ...(meterVersion === undefined ? {} : { meterVersion }),
    ...(meterSchemaUrl === undefined ? {} : { meterSchemaUrl }),
    ...(view.name === undefined ? {} : { name: view.name }),
    ...(view.description === undefined ? {} : { description: view.description }),
    ...(view.aggregation === undefined ? {} : { aggregation: aggregationOption(sdk, view.aggregation) }),
    ...(view.cardinalityLimit === undefined ? {} : { aggregationCardinalityLimit: view.cardinalityLimit }),
    attributesProcessors: [{ process: guarded }, ...(keeps === undefined ? [] : [{ process: keeping(keeps) }])],
  };
}

/**
 * A view may replace the guarding one, and only the labels show what an instrument is about. Redis commands are bounded where
 * they are made.
 */
function guarded(attributes: Attributes): Attributes {
  if (attributes[ATTR_DB_SYSTEM_NAME] === 'redis') return attributes;
  return databaseMetrics.operationDuration.attributes.some(({ key }) => key.startsWith('db.') && key in attributes)
    ? boundedDbAttributes(attributes)
    : attributes;
}

function keeping(keeps: (key: string) => boolean): (attributes: Attributes) => Attributes {
  return (attributes) => Object.fromEntries(Object.entries(attributes).filter(([key]) => keeps(key)));
}

function aggregationOption({ AggregationType }: SdkModules['metrics'], choice: AggregationChoice): AggregationOption {
  switch (choice.kind) {
    case 'default':
      return { type: AggregationType.DEFAULT };
    case 'drop':
      return { type: AggregationType.DROP };
    case 'last_value':
      return { type: AggregationType.LAST_VALUE };
    case 'sum':
      return { type: AggregationType.SUM };
    case 'explicit_bucket_histogram': {
      const { boundaries = SPEC_BOUNDARIES, recordMinMax } = choice;
      return { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [...boundaries], recordMinMax } };
    }
    case 'base2_exponential_bucket_histogram': {
      const { maxSize, recordMinMax } = choice;
      return { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { recordMinMax, ...(maxSize === undefined ? {} : { maxSize }) } };
    }
  }
}

/** The specification's default when a view names only the aggregation. */
const SPEC_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];
