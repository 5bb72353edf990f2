import type { Attributes } from '@opentelemetry/api';
import type { Accumulation, StreamStorage } from './sdkSeries.js';

/** The SDK's limit of series. The same series may come in many objects: those beyond are looked up by the SDK, as any other. */
const MAX_KNOWN = 2000;

/**
 * The series of an instrument by the object that its attributes came in.
 *
 * The SDK finds a series by the sorted attributes as JSON, anew for each measurement. Attributes that are frozen cannot change, so the
 * same object is the same series; then the value is added where the SDK would add it. A series is known only after the SDK has recorded
 * it, and until the next collection: views, limits, temporality and what is exported stay the SDK's.
 */
export class KnownSeries {
  readonly #storages: readonly StreamStorage[];
  /** What of each storage the known series belong to. */
  #collections: readonly unknown[] = [];
  readonly #series = new Map<Attributes, readonly Accumulation[]>();

  constructor(storages: readonly StreamStorage[]) {
    this.#storages = storages;
  }

  /** Returns whether the series was known, and now has the value. */
  add(value: number, attributes: Attributes): boolean {
    const accumulations = this.#series.get(attributes);
    if (accumulations === undefined || this.#wereCollected()) return false;
    for (const accumulation of accumulations) accumulation.record(value);
    return true;
  }

  /** To be told of attributes that the SDK has just recorded. */
  learn(attributes: Attributes): void {
    if (!Object.isFrozen(attributes)) return;
    if (this.#wereCollected()) {
      this.#series.clear();
      this.#collections = this.#storages.map((storage) => storage._deltaMetricStorage._activeCollectionStorage);
    }
    if (this.#series.size >= MAX_KNOWN) return;
    // A list can be changed in a frozen object too.
    if (Object.values(attributes).some((value) => typeof value === 'object')) return;
    const found = this.#storages.map((storage) => storage._deltaMetricStorage._activeCollectionStorage.get(attributes));
    // Beyond the limit of series the value is in another one.
    const accumulations = found.filter((each) => each !== undefined);
    if (accumulations.length === found.length) this.#series.set(attributes, accumulations);
  }

  #wereCollected(): boolean {
    const storages = this.#storages;
    for (let index = 0; index < storages.length; index += 1) {
      if (storages[index]?._deltaMetricStorage._activeCollectionStorage !== this.#collections[index]) return true;
    }
    return false;
  }
}
