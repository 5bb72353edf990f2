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
    description: 'Thresholds of a handoff server: 1 for each that its own figure is beyond at the moment, 0 for the others.',
    attributes: [NAME],
    source: 'handoff-otel',
  },
  transitions: {
    name: 'handoff.alert.transitions',
    kind: 'counter',
    unit: '{transition}',
    description: 'Alerts that a handoff server has raised and cleared because of its own figures.',
    attributes: [NAME, { key: ATTR_HANDOFF_ALERT_TRANSITION, values: ['raised', 'cleared'] }],
    source: 'handoff-otel',
  },
  notifications: {
    name: 'handoff.alert.notifications',
    kind: 'counter',
    unit: '{notification}',
    description: 'Requests to Alertmanager and to webhooks about alerts, by what became of them.',
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
    description: 'A figure has been beyond its threshold for long enough. The record has the figure, the threshold and what to do.',
  },
  cleared: {
    name: 'handoff.alert.cleared',
    level: 'info',
    description:
      'A figure is below its threshold again. A record with `cause` `expired` is about a server that has not been heard of, `stopped` about one that ends, and `switched_off` about an alert that the configuration has switched off.',
  },
  undelivered: {
    name: 'handoff.alert.undelivered',
    level: 'warn',
    description: 'Alertmanager or a webhook could not be told of an alert. At most one record per minute and target.',
  },
  unshared: {
    name: 'handoff.alert.unshared',
    level: 'warn',
    description:
      'The database cannot be asked which alerts are known, so that this server tells of its own by itself. At most one record per ten minutes.',
  },
} as const satisfies Record<string, LogEventDefinition>;
