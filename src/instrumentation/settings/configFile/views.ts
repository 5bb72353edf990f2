import { INSTRUMENT_KINDS } from '../metrics.js';
import type { KeyPatterns } from '../resourceSettings.js';
import type { AggregationChoice, ViewSelector, ViewSettings } from '../views.js';
import type { ConfigNode } from './configNode.js';

/** Reads `meter_provider.views`. */
export function viewsOf(provider: ConfigNode | undefined): readonly ViewSettings[] {
  return (provider?.list('views') ?? []).map((view) => ({
    selector: selectorOf(view.child('selector')),
    ...streamOf(view.child('stream')),
  }));
}

function selectorOf(node: ConfigNode | undefined): ViewSelector {
  const kind = INSTRUMENT_KINDS.find((known) => known === node?.text('instrument_type'));
  return {
    ...given('instrumentName', node?.text('instrument_name')),
    ...given('instrumentKind', kind),
    ...given('unit', node?.text('unit')),
    ...given('meterName', node?.text('meter_name')),
    ...given('meterVersion', node?.text('meter_version')),
    ...given('meterSchemaUrl', node?.text('meter_schema_url')),
  };
}

function streamOf(node: ConfigNode | undefined): Omit<ViewSettings, 'selector'> {
  const aggregation = node?.child('aggregation');
  return {
    ...given('name', node?.text('name')),
    ...given('description', node?.text('description')),
    ...given('aggregation', aggregation === undefined ? undefined : aggregationOf(aggregation)),
    ...given('cardinalityLimit', node?.integer('aggregation_cardinality_limit', { min: 1, max: 10_000_000 })),
    ...given('attributeKeys', patternsOf(node?.child('attribute_keys'))),
  };
}

function aggregationOf(node: ConfigNode): AggregationChoice | undefined {
  const [kind, content] = node.choice();
  switch (kind) {
    case 'default':
    case 'drop':
    case 'last_value':
    case 'sum':
      return { kind };
    case 'explicit_bucket_histogram':
      return { kind, recordMinMax: content.flag('record_min_max') ?? true, ...given('boundaries', content.numbers('boundaries')) };
    case 'base2_exponential_bucket_histogram':
      return {
        kind,
        recordMinMax: content.flag('record_min_max') ?? true,
        ...given('maxSize', content.integer('max_size', { min: 2, max: 10_000 })),
      };
    default:
      node.notify(kind, 'is not supported; the default aggregation is used');
      return undefined;
  }
}

/** Reads the lists of names `included` and `excluded`, which may contain `*` and `?`. */
export function patternsOf(node: ConfigNode | undefined): KeyPatterns | undefined {
  if (node === undefined) return undefined;
  return { ...given('included', node.texts('included')), ...given('excluded', node.texts('excluded')) };
}

/** For properties that must be absent rather than undefined. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
