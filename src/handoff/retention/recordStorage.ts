import { ATTR_HANDOFF_STORAGE_PART } from '../../telemetry/semconv.js';
import type { StoragePart } from '../../telemetry/catalogue/retention.js';
import type { RetentionDependencies } from './dependencies.js';

/** Sets the gauges of the storage and of its limit. */
export function recordStorage(
  { record, storageLimitBytes }: Pick<RetentionDependencies, 'record' | 'storageLimitBytes'>,
  sizes: ReadonlyMap<StoragePart, number>,
): void {
  for (const [part, bytes] of sizes) record.storageSize(bytes, { [ATTR_HANDOFF_STORAGE_PART]: part });
  if (storageLimitBytes !== undefined) record.storageLimit(storageLimitBytes, {});
}
