import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../../logging/suppression.js';
import { ATTR_HANDOFF_ROLLUP_KIND } from '../../../telemetry/semconv.js';
import type { RollupDependencies } from './dependencies.js';
import { readWatermarks } from './sql/watermarks.js';
import type { WatermarkState } from './sql/watermarks.js';

const LOOK_MS = 60_000;

/**
 * Measures how far rollups are behind, at once and then every minute, until the signal is aborted. Never rejects. Every process looks:
 * a rollup that does not run at all would tell nothing.
 */
export async function watchLag(deps: Pick<RollupDependencies, 'database' | 'clock' | 'record'>, signal: AbortSignal): Promise<void> {
  const untraced = suppressTracing(ROOT_CONTEXT);
  while (!signal.aborted) {
    // A database that is away has alerts of its own; the next look may find it.
    await context.with(untraced, () => recordLag(deps)).catch(() => undefined);
    await deps.clock.sleep(LOOK_MS, { signal, unref: true }).catch(() => undefined);
  }
}

/** Tells how far each kind is behind now. */
export async function recordLag({ database, record }: Pick<RollupDependencies, 'database' | 'record'>): Promise<void> {
  for (const { kind, lag_s: lagS } of await database.query<WatermarkState>(readWatermarks))
    record.lag(lagS, { [ATTR_HANDOFF_ROLLUP_KIND]: kind });
}
