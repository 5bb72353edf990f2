import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../../logging/suppression.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { laggingSweeps, recordLag } from './lag.js';

const LOOK_MS = 60_000;

/**
 * Measures for how long due sessions have waited, at once and then every minute, until the signal is aborted. Never rejects.
 *
 * Sweeps measure it too, but only where they come to their end: one that fails, that cannot keep up or that does not run at all would
 * tell nothing. Every process looks, so that none goes on telling what was true hours ago, when it swept last.
 */
export async function watchLag(deps: LifecycleDependencies, signal: AbortSignal): Promise<void> {
  const untraced = suppressTracing(ROOT_CONTEXT);
  while (!signal.aborted) {
    // A database that is away has alerts of its own; the next look may find it.
    await context.with(untraced, () => recordLag(deps, ...laggingSweeps)).catch(() => undefined);
    await deps.clock.sleep(LOOK_MS, { signal, unref: true }).catch(() => undefined);
  }
}
