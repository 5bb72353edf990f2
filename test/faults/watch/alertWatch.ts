import { setTimeout as wait } from 'node:timers/promises';
import type { PrometheusApi } from '../../stack/live/queries/prometheusApi.js';
import type { AlertSample } from '../evidence.js';

const POLL_MS = 500;
/** Always fires, to show that alerts arrive. */
const ALWAYS = 'Watchdog';

/** Asks Prometheus which alerts fire, over and over until `stopped`. */
export async function watchAlerts(api: PrometheusApi, samples: AlertSample[], now: () => number, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    const alerts = await api.alerts();
    const firing = new Set(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? ''));
    firing.delete(ALWAYS);
    samples.push({ atMs: now(), firing: [...firing] });
    await wait(POLL_MS);
  }
}
