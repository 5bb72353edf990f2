import { healthMetrics, resourceLimits } from '../../../../src/telemetry/catalogue/health.js';
import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_RESOURCE_NAME } from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { runtimeMetric } from '../../names/runtime.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs, toMcp, toRuntime } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { fromOn } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { aggregated } from '../../promql/expressions.js';
import { NO_SERVER, REPLICA } from './replica.js';

const LONGEST_STALL_S = 1;
const ofServers = { links: [toRuntime, toMcp, toLogs], empty: NO_SERVER } as const;

/** What a process has, against what it may have. Only of processes that admit calls: other services have the board of the runtime. */
export function limitsRow(): RowSpec {
  const servers = aggregated('max', selector(seriesName(resilienceMetrics.admissionLimit), scope), REPLICA);
  const ofLoop = (name: string): string =>
    `${aggregated('max', selector(seriesName(runtimeMetric(name)), scope), REPLICA)} and on (${REPLICA.join(', ')}) ${servers}`;
  return {
    title: 'Main thread, memory and disk, against their limits',
    panels: [
      lines({
        ...ofServers,
        title: 'Main thread busy, by server',
        description: 'Share of the time in which the main thread had work. Above 0.9, every call waits for the others: add replicas.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        queries: [lineOf(ofLoop('nodejs.eventloop.utilization'), '{{job}} {{instance}}')],
        thresholds: fromOn(0.9),
      }),
      lines({
        ...ofServers,
        title: 'Longest stall, by server',
        description:
          'The longest time for which the main thread was blocked. No call is answered during a stall, and from one second on the health is degraded: take a CPU profile.',
        unit: 's',
        queries: [lineOf(ofLoop('nodejs.eventloop.delay.max'), '{{job}} {{instance}}')],
        thresholds: fromOn(LONGEST_STALL_S),
      }),
      lines({
        ...ofServers,
        title: 'Used of the limit, by resource',
        description:
          'The fullest of all servers. heap is of what V8 allows, memory of what the container allows, disk of the file system of the data folder. From 0.8 (disk 0.9) on the health is degraded, from 0.95 (disk 0.97) unhealthy.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        queries: [
          lineOf(
            aggregated('max', selector(seriesName(healthMetrics.utilization), scope), ['instance', ATTR_HANDOFF_RESOURCE_NAME]),
            `{{instance}} {{${labelName(ATTR_HANDOFF_RESOURCE_NAME)}}}`,
          ),
        ],
        thresholds: fromOn(resourceLimits.memoryShare),
      }),
    ],
  };
}
