import type { ExpectedAlert, World } from './fault.js';

type Labels = Readonly<Record<string, string>>;

/** An alert as Alertmanager has it. */
interface Managed {
  readonly labels: Labels;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: 'active' | 'suppressed' | 'unprocessed' };
}

/** Where all alerts are at this moment. */
export interface AlertStates {
  /** What is missing until an alert fires everywhere and has arrived where it belongs; undefined when nothing is. */
  missing(alert: ExpectedAlert, sinceMs: number): string | undefined;
  /** Where an alert that fires still does; undefined when it is over. */
  left(alert: ExpectedAlert): string | undefined;
  /** Names of all that fire in the first Prometheus, each with its service. */
  readonly firing: readonly string[];
  /** Who is told, or why nobody is. */
  told(alert: ExpectedAlert): string;
}

export const isOf = ({ name, labels = {} }: ExpectedAlert, found: Labels): boolean =>
  found['alertname'] === name && Object.entries(labels).every(([key, value]) => found[key] === value);

export async function statesOf({ pushed, scraped }: World): Promise<AlertStates> {
  const managed = (await (await fetch(`${pushed.alertmanager.url('http')}/api/v2/alerts`)).json()) as readonly Managed[];
  const firing = await Promise.all(
    [pushed, scraped].map(async ({ api }) => ({ name: api.name, alerts: (await api.alerts()).filter(({ state }) => state === 'firing') })),
  );
  const places = ({ onlyPushed }: ExpectedAlert): typeof firing => (onlyPushed === undefined ? firing : firing.slice(0, 1));
  const fires = (alert: ExpectedAlert, { alerts }: (typeof firing)[number]): boolean => alerts.some(({ labels }) => isOf(alert, labels));
  const inManager = (alert: ExpectedAlert): Managed | undefined => managed.find(({ labels }) => isOf(alert, labels));
  return {
    missing: (alert, sinceMs) => {
      const silent = places(alert).find((place) => !fires(alert, place));
      if (silent !== undefined) return `${alert.name} does not fire in the Prometheus ${silent.name}`;
      const found = inManager(alert);
      if (found === undefined) return `${alert.name} is not in Alertmanager`;
      if (alert.isHeldBack === true) return found.status.state === 'suppressed' ? undefined : `${alert.name} is not held back`;
      const receiver = found.receivers[0]?.name;
      if (receiver !== receiverOf(found.labels)) return `${alert.name} goes to ${String(receiver)} instead of ${receiverOf(found.labels)}`;
      if (receiver === 'nobody') return undefined;
      const arrived = pushed.webhooks.notified.findLast(({ labels, atMs }) => atMs >= sinceMs && isOf(alert, labels));
      if (arrived?.status !== 'firing') return `${alert.name} was not notified (${found.status.state})`;
      return arrived.receiver === receiver ? undefined : `${alert.name} was sent to ${arrived.receiver} instead of ${receiver}`;
    },
    left: (alert) => {
      const place = places(alert).find((candidate) => fires(alert, candidate));
      return place === undefined ? undefined : `${alert.name} still fires in the Prometheus ${place.name}`;
    },
    firing: (firing[0]?.alerts ?? []).map(({ labels }) => `${labels['alertname'] ?? ''} (${labels['job'] ?? ''})`),
    told: (alert) => (alert.isHeldBack === true ? 'held back' : (inManager(alert)?.receivers[0]?.name ?? '')),
  };
}

/** What the severities promise; the routes of the configuration have to keep it. */
function receiverOf({ severity = '' }: Labels): string {
  return severity === 'page' || severity === 'ticket' ? severity : 'nobody';
}
