import type { MetricOptions } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { MetricData, ViewOptions } from '@opentelemetry/sdk-metrics';
import { isExponential, isHistogram, isSum } from '../sdk/dataPointTypes.js';
import { Reservoir } from './reservoir.js';
import { viewsOf } from './viewsOf.js';
import type { NotedInstrument, NotedKind } from './viewsOf.js';

/** What one instrument measured, as one view has it exported. */
export interface Stream {
  readonly reservoir: Reservoir;
  /** `undefined` where no view matches. */
  readonly view: ViewOptions | undefined;
}

/** The reservoirs of a meter provider, one per instrument, so their number is that of the SDK's own storages. */
export class Reservoirs {
  readonly #views: readonly ViewOptions[];
  readonly #byInstrument = new Map<string, Reservoir>();
  readonly #byStream = new Map<string, Stream[]>();

  /** @param views the provider's */
  constructor(views: readonly ViewOptions[]) {
    this.#views = views;
  }

  /** Returns the reservoir of an instrument. An instrument that is created twice has one, as it has one storage in the SDK. */
  of(scope: InstrumentationScope, kind: NotedKind, name: string, { unit = '', advice }: MetricOptions = {}): Reservoir {
    const instrument: NotedInstrument = { scope, kind, name, unit };
    const key = keyOf(instrument);
    const known = this.#byInstrument.get(key);
    if (known !== undefined) return known;
    const reservoir = new Reservoir(kind === 'counter' ? [] : advice?.explicitBucketBoundaries);
    this.#byInstrument.set(key, reservoir);
    const views = viewsOf(instrument, this.#views);
    for (const view of views.length === 0 ? [undefined] : views)
      this.#addStream({ ...instrument, name: view?.name ?? name }, { reservoir, view });
    return reservoir;
  }

  /** Returns what a collected metric may come from: several streams, when views give two instruments one name. */
  streams(scope: InstrumentationScope, metric: MetricData): readonly Stream[] {
    const kind = kindOf(metric);
    const { name, unit } = metric.descriptor;
    return (kind && this.#byStream.get(keyOf({ scope, kind, name, unit }))) ?? [];
  }

  #addStream(instrument: NotedInstrument, stream: Stream): void {
    const key = keyOf(instrument);
    const known = this.#byStream.get(key);
    if (known === undefined) this.#byStream.set(key, [stream]);
    else known.push(stream);
  }
}

function keyOf({ scope: { name: scope, version = '', schemaUrl = '' }, kind, name, unit }: NotedInstrument): string {
  return JSON.stringify([scope, version, schemaUrl, kind, name, unit]);
}

function kindOf(metric: MetricData): NotedKind | undefined {
  if (isHistogram(metric) || isExponential(metric)) return 'histogram';
  return isSum(metric) && metric.isMonotonic ? 'counter' : undefined;
}
