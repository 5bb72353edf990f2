import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { figure } from '../../panels/make.js';
import { toLogs, toRuntime, toServiceLevels } from '../../panels/links.js';
import type { RowSpec, StatPanel } from '../../panels/spec.js';
import { allowedShare, budgetSteps, burnSteps, fromOn, goodShareSteps } from '../../panels/thresholds.js';
import { scope, toolScope } from '../../panels/variables.js';
import { orZero, quantile, rate, sum } from '../../promql/expressions.js';
import { badShare, eventMatchers } from '../../promql/objectives.js';
import { selector } from '../../names/selectors.js';
import { countSeries, seriesName } from '../../names/series.js';

const { toolCallAvailability: availability, toolCallLatency: latency } = objectives;
const NO_CALLS = 'No tool calls';

/** The state at a glance, from the counters themselves: no recording rule is needed. */
export function headerRow(): RowSpec {
  return { title: 'Are the objectives met?', panels: [...promise(), ...now()] };
}

function promise(): StatPanel[] {
  const stat = { kind: 'stat', width: 4, links: [toServiceLevels], empty: NO_CALLS } as const;
  const percent = latency.target * 100;
  return [
    {
      ...stat,
      title: 'Tool calls that succeed',
      description: `${availability.description} Over the time range of the board. Green is at least the objective, ${availability.target * 100} %. Below it, look at the errors by type further down.`,
      unit: 'percentunit',
      decimals: 2,
      queries: [figure(`1 - (${badShare(availability, toolScope, '$__range')})`)],
      thresholds: goodShareSteps(availability),
    },
    {
      ...stat,
      title: `Duration of tool calls, p${percent}`,
      description: `${percent} % of the tool calls take no longer than this. The objective is ${latency.bad.slowerThanS} s. Above it, look at the tools by p95, then at the slow calls on the board of logs and traces.`,
      unit: 's',
      queries: [figure(quantile(latency.target, latency.metric, [...eventMatchers(latency), ...toolScope]))],
      thresholds: fromOn(latency.bad.slowerThanS),
    },
    {
      ...stat,
      title: 'Burn rate, last hour',
      description:
        'How many times faster than planned the error budget of successful tool calls is being used. 1 uses it up exactly in the window of the objective. From 14.4 on somebody is paged.',
      unit: 'none',
      decimals: 1,
      queries: [figure(`(${badShare(availability, toolScope, '1h')}) / ${allowedShare(availability)}`)],
      thresholds: burnSteps,
    },
    {
      ...stat,
      title: `Error budget left, ${availability.windowDays} days`,
      description: `What is left of the failed tool calls that the objective allows in ${availability.windowDays} days, or in as many days as Prometheus keeps. Below zero the objective is missed; stop risky changes before that.`,
      unit: 'percentunit',
      decimals: 1,
      queries: [figure(`1 - (${badShare(availability, toolScope, `${availability.windowDays}d`)}) / ${allowedShare(availability)}`)],
      thresholds: budgetSteps,
    },
  ];
}

function now(): StatPanel[] {
  const { serverOperationDuration, serverActiveRequests } = mcpMetrics;
  return [
    {
      kind: 'stat',
      width: 4,
      title: 'Requests and notifications',
      description:
        'Messages of all methods that were handled per second. Compare with the same hour of another day before you call it unusual.',
      unit: 'reqps',
      queries: [figure(sum(rate(countSeries(serverOperationDuration), toolScope)))],
      links: [toLogs],
      empty: 'No requests',
    },
    {
      kind: 'stat',
      width: 4,
      title: 'In flight',
      description:
        'Requests that were received and have not been answered yet. It follows the load. If it only grows, something hangs: look at the event loop and at the databases.',
      unit: 'short',
      queries: [figure(orZero(sum(selector(seriesName(serverActiveRequests), scope))))],
      links: [toRuntime],
      empty: 'No requests',
    },
  ];
}
