import type { Attributes } from '@opentelemetry/api';
import { isFunction, isRecord } from '../../../values/guards.js';

/** Where the SDK adds up what is measured with one set of attributes, until metrics are collected the next time. */
export interface Accumulation {
  record(value: number): void;
}

/** What the SDK keeps of one stream of an instrument. Its class is not public: what is used of it is looked at once, by `storagesOf`. */
export interface StreamStorage {
  readonly _deltaMetricStorage: {
    /** Another object after each collection. */
    readonly _activeCollectionStorage: { get(attributes: Attributes): Accumulation | undefined };
  };
}

/**
 * Returns what the SDK keeps of an instrument, one storage for each view or each reader; `undefined` where it is not as we know it, or a
 * view changes the attributes, which it may do by the context.
 */
export function storagesOf(instrument: object): readonly StreamStorage[] | undefined {
  const storage: unknown = Reflect.get(instrument, '_writableMetricStorage');
  if (!isRecord(storage)) return undefined;
  const { _backingStorages: several = [storage] } = storage;
  return Array.isArray(several) && several.every(isStreamStorage) ? several : undefined;
}

function isStreamStorage(value: unknown): value is StreamStorage {
  if (!isRecord(value) || value['hasAttributeProcessor'] !== false) return false;
  const { _deltaMetricStorage: deltas } = value;
  if (!isRecord(deltas)) return false;
  const { _activeCollectionStorage: collection } = deltas;
  return isRecord(collection) && isFunction(collection['get']);
}
