import {
  ATTR_HANDOFF_ALERT_DELIVERY,
  ATTR_HANDOFF_ALERT_NAME,
  ATTR_HANDOFF_ALERT_TRANSITION,
  ATTR_HANDOFF_ALERT_TARGET,
} from '../semconv.js';
import type { LogEventDefinition, MetricAttribute, MetricDefinition } from './definitions.js';

/** What a handoff server compares with a threshold. The meaning of a word never changes. */
export const alertNames = ['response_time', 'error_rate', 'statement_time', 'memory', 'disk', 'database_pool', 'event_loop'] as const;
export type AlertName = (typeof alertNames)[number];

export const alertTargets = ['alertmanager', 'webhook'] as const;
export type AlertTargetKind = (typeof alertTargets)[number];

/** `failed`: given up after several attempts. `dropped`: never tried, because too many waited. */
export const alertDeliveries = ['delivered', 'failed', 'dropped'] as const;
export type AlertDelivery = (typeof alertDeliveries)[number];

const NAME: MetricAttribute = { key: ATTR_HANDOFF_ALERT_NAME, values: alertNames };

export const alertMetrics = {
  state: {
    name: 'handoff.alert.state',
    kind: 'gauge',
    unit: '{alert}',
    description: 'Alerts of a handoff server: 1 for each threshold that its own value exceeds at the moment, 0 for the others.',
    attributes: [NAME],
    source: 'handoff-otel',
  },
  transitions: {
    name: 'handoff.alert.transitions',
    kind: 'counter',
    unit: '{transition}',
    description: 'Alerts that a handoff server has raised and cleared because of its own values.',
    attributes: [NAME, { key: ATTR_HANDOFF_ALERT_TRANSITION, values: ['raised', 'cleared'] }],
    source: 'handoff-otel',
  },
  notifications: {
    name: 'handoff.alert.notifications',
    kind: 'counter',
    unit: '{notification}',
    description: 'Notifications sent to Alertmanager and to webhooks, by outcome.',
    attributes: [
      { key: ATTR_HANDOFF_ALERT_TARGET, values: alertTargets },
      { key: ATTR_HANDOFF_ALERT_DELIVERY, values: alertDeliveries },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const alertEvents = {
  raised: {
    name: 'handoff.alert.raised',
    level: 'warn',
    description: 'A value has been above its threshold for HANDOFF_ALERT_HOLD_MS. The record has the value, the threshold and what to do.',
  },
  cleared: {
    name: 'handoff.alert.cleared',
    level: 'info',
    description:
      'A value is below its threshold again. `cause` is `expired` if the server died, `stopped` if it was stopped, and `switched_off` if the configuration has switched the alert off.',
  },
  undelivered: {
    name: 'handoff.alert.undelivered',
    level: 'warn',
    description: 'A notification to Alertmanager or a webhook could not be delivered. At most one record per minute and target.',
  },
  unshared: {
    name: 'handoff.alert.unshared',
    level: 'warn',
    description:
      'The database does not answer, so servers cannot coordinate their alerts, and this one sends its own notifications. At most one record per ten minutes.',
  },
} as const satisfies Record<string, LogEventDefinition>;
