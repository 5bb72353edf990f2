import type { Objective } from '../../../../src/telemetry/catalogue/objectives.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { figure, lineOf, lines } from '../../panels/make.js';
import type { LinesPanel, RowSpec, StatPanel } from '../../panels/spec.js';
import { budgetSteps, burnSteps, goodShareSteps } from '../../panels/thresholds.js';
import { badEventsRecord, badRatioRecord, budgetLeftRecord, eventsRecord, objectiveWindow, windows } from '../../rules/serviceLevels.js';
import type { WindowName } from '../../rules/serviceLevels.js';
import { burnRate, lowerBurnRate, recorded } from './recorded.js';

const EMPTY = 'No events, or no recording rules';
const links = [toMcp, toLogs];

export function objectiveRow(objective: Objective): RowSpec {
  const share = `${Number((objective.target * 100).toPrecision(6))} %`;
  return {
    title: `${objective.title}: ${share} in ${objective.windowDays} days`,
    panels: [...figures(objective, share), ...courses(objective)],
  };
}

function figures(objective: Objective, share: string): StatPanel[] {
  const days = objective.windowDays;
  const stat = { kind: 'stat', width: 6, links, empty: EMPTY } as const;
  return [
    {
      ...stat,
      title: `${objective.title}, ${days} days`,
      description: `${objective.description} The objective is ${share}. Red means that at least twice as much is bad as the objective allows: the burn rates show whether this continues.`,
      unit: 'percentunit',
      decimals: 3,
      queries: [figure(`1 - ${recorded(badRatioRecord(objective, objectiveWindow(objective)))}`, '{{job}}')],
      thresholds: goodShareSteps(objective),
    },
    {
      ...stat,
      title: 'Error budget left',
      description: `Of the bad events that the objective allows in ${days} days, the share that has not happened yet. Near zero, hold back risky changes; below zero, repairs come first.`,
      unit: 'percentunit',
      decimals: 1,
      queries: [figure(recorded(budgetLeftRecord(objective)), '{{job}}')],
      thresholds: budgetSteps,
    },
    {
      ...stat,
      title: 'Fast burn: 5 minutes and 1 hour',
      description:
        'The lower one of the two burn rates. From 14.4 on, two percent of a month’s budget is used within an hour, and somebody is paged. Look at errors and durations on the board of the MCP server.',
      unit: 'none',
      decimals: 1,
      queries: [figure(lowerBurnRate(objective, '5m', '1h'), '{{job}}')],
      thresholds: burnSteps,
    },
    {
      ...stat,
      title: 'Slow burn: 6 hours and 3 days',
      description:
        'The lower one of the two burn rates. Above 1 for days, the budget will not last, and a ticket is created. Look for the tool with the most failures.',
      unit: 'none',
      decimals: 1,
      queries: [figure(lowerBurnRate(objective, '6h', '3d'), '{{job}}')],
      thresholds: burnSteps,
    },
  ];
}

function courses(objective: Objective): LinesPanel[] {
  const names = Object.keys(windows) as WindowName[];
  return [
    lines({
      title: 'Burn rates, by window',
      description:
        'Short windows react first; long ones show that the problem is significant. An alert needs two of them above its threshold, and ends when the shorter one is below.',
      unit: 'none',
      queries: names.map((window) => lineOf(burnRate(objective, window), `${window} {{job}}`)),
      thresholds: burnSteps,
      links,
      empty: EMPTY,
    }),
    lines({
      title: 'Error budget left, over time',
      description: 'A sudden drop is an outage, a slope is something that fails all the time. Compare with deploys, which are marked.',
      unit: 'percentunit',
      queries: [lineOf(recorded(budgetLeftRecord(objective)), '{{job}}')],
      thresholds: budgetSteps,
      links,
      empty: EMPTY,
    }),
    lines({
      title: 'Events and bad events, per hour',
      description:
        'The numbers from which the shares are computed. With few events, a single bad one is a large share: look at the number.',
      unit: 'short',
      queries: [
        lineOf(recorded(eventsRecord(objective, '1h')), '{{job}}'),
        lineOf(recorded(badEventsRecord(objective, '1h')), 'bad {{job}}'),
      ],
      links,
      empty: EMPTY,
    }),
  ];
}
