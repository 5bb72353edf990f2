import { ATTR_HANDOFF_ROLLUP_KIND } from '../../../telemetry/semconv.js';
import type { RollupDependencies } from './dependencies.js';
import { readWatermarks } from './sql/watermarks.js';
import type { WatermarkState } from './sql/watermarks.js';

/** Tells how far each kind is behind now. */
export async function recordLag({ database, record }: Pick<RollupDependencies, 'database' | 'record'>): Promise<void> {
  for (const { kind, lag_s: lagS } of await database.query<WatermarkState>(readWatermarks))
    record.lag(lagS, { [ATTR_HANDOFF_ROLLUP_KIND]: kind });
}
