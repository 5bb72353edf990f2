import { alertMetrics } from '../../../../src/telemetry/catalogue/alerts.js';
import { memoryMetrics } from '../../../../src/telemetry/catalogue/memory.js';
import { reloadMetrics } from '../../../../src/telemetry/catalogue/reloads.js';
import {
  ATTR_HANDOFF_ALERT_DELIVERY,
  ATTR_HANDOFF_ALERT_NAME,
  ATTR_HANDOFF_ALERT_TRANSITION,
  ATTR_HANDOFF_ALERT_TARGET,
  ATTR_HANDOFF_CONFIG_EFFECT,
  ATTR_HANDOFF_CONFIG_OUTCOME,
} from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { rate, sum } from '../../promql/expressions.js';

const common = { links: [toLogs], empty: 'No handoff server has reported' } as const;
const legend = (...keys: readonly string[]): string => keys.map((key) => `{{${labelName(key)}}}`).join(' ');

/** What servers say of their own thresholds, whom they told, and which of their settings changed while they ran. */
export function thresholdsRow(): RowSpec {
  const rated = (definition: Parameters<typeof seriesName>[0], ...keys: readonly string[]): string =>
    sum(rate(seriesName(definition), scope), [...keys]);
  return {
    title: 'Thresholds and settings',
    panels: [
      lines({
        ...common,
        title: 'Servers beyond a threshold, by alert',
        description:
          'Zero is normal. The record handoff.alert.raised in the log has the figure, the threshold and what to do; the thresholds are the settings HANDOFF_ALERT_*.',
        unit: 'short',
        queries: [lineOf(sum(selector(seriesName(alertMetrics.state), scope), [ATTR_HANDOFF_ALERT_NAME]), legend(ATTR_HANDOFF_ALERT_NAME))],
      }),
      lines({
        ...common,
        title: 'Alerts raised and cleared per second',
        description: 'If an alert is raised and cleared again and again, its threshold is too close to normal values.',
        unit: 'ops',
        queries: [
          lineOf(
            rated(alertMetrics.transitions, ATTR_HANDOFF_ALERT_NAME, ATTR_HANDOFF_ALERT_TRANSITION),
            legend(ATTR_HANDOFF_ALERT_NAME, ATTR_HANDOFF_ALERT_TRANSITION),
          ),
        ],
      }),
      lines({
        ...common,
        title: 'Notifications per second, by target and outcome',
        description:
          'Requests to Alertmanager and to webhooks. A notification that failed or was dropped did not reach anybody; it is in the log.',
        unit: 'ops',
        queries: [
          lineOf(
            rated(alertMetrics.notifications, ATTR_HANDOFF_ALERT_TARGET, ATTR_HANDOFF_ALERT_DELIVERY),
            legend(ATTR_HANDOFF_ALERT_TARGET, ATTR_HANDOFF_ALERT_DELIVERY),
          ),
        ],
      }),
      lines({
        ...common,
        title: 'Garbage collections because of memory, per second',
        description:
          'Collections that a server started because its memory use was above the threshold. The record handoff.memory.report says what uses the memory.',
        unit: 'ops',
        queries: [lineOf(rated(memoryMetrics.collections), 'collections')],
      }),
      lines({
        ...common,
        title: 'Configuration files read again per second, by outcome',
        description: 'A refused file changes nothing; the record handoff.config.refused lists what is wrong with it.',
        unit: 'ops',
        queries: [lineOf(rated(reloadMetrics.reloads, ATTR_HANDOFF_CONFIG_OUTCOME), legend(ATTR_HANDOFF_CONFIG_OUTCOME))],
      }),
      lines({
        ...common,
        title: 'Settings that changed per second, by effect',
        description:
          'A setting that needs a restart is in the file, but not in effect yet. Each change is a record handoff.config.changed and a row of system_events.',
        unit: 'ops',
        queries: [lineOf(rated(reloadMetrics.changes, ATTR_HANDOFF_CONFIG_EFFECT), legend(ATTR_HANDOFF_CONFIG_EFFECT))],
      }),
    ],
  };
}
