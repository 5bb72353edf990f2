/** How many times slower than usual everything goes, for a slow machine to follow: at 1 the stack takes about half of two fast cores. */
export const PACE = Number(process.env['STACK_PACE'] ?? 1);

/**
 * All windows, `for` and pauses of the generated rules and of Alertmanager are divided by this, so that what takes hours in
 * operation takes minutes here. `promtool` tests the true ones.
 */
export const DIVIDE_TIMES_BY = 80 / PACE;

/** How often processes export, Prometheus scrapes and the collector reports: the shortest window of the rules, 5 min / 80, holds three. */
export const INTERVAL_MS = 1_000 * PACE;

/** What Grafana would put in place of `$__rate_interval`: at least four intervals. */
export const RATE_INTERVAL_MS = 5 * INTERVAL_MS;
