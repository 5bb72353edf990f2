import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../logging/suppression.js';
import type { Clock } from '../../time/clock.js';
import type { AnomalyDependencies } from './findings/dependencies.js';
import { recordAnomalies } from './findings/recordAnomalies.js';
import type { RollupDependencies } from './rollups/dependencies.js';
import { recordLag } from './rollups/recordLag.js';

const LOOK_MS = 60_000;

/**
 * Measures how far rollups and detectors are behind and what is open, at once and then every minute, until the signal is aborted. Never
 * rejects. Every process looks: a job that does not run at all would tell nothing.
 */
export async function watchLag(
  rollups: Pick<RollupDependencies, 'database' | 'record'> & { readonly clock: Clock },
  anomalies: Pick<AnomalyDependencies, 'database' | 'record'>,
  signal: AbortSignal,
): Promise<void> {
  const untraced = suppressTracing(ROOT_CONTEXT);
  while (!signal.aborted) {
    // A database that is away has alerts of its own; the next look may find it.
    await context.with(untraced, () => Promise.allSettled([recordLag(rollups), recordAnomalies(anomalies)]));
    await rollups.clock.sleep(LOOK_MS, { signal, unref: true }).catch(() => undefined);
  }
}
