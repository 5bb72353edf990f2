import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import type { Objective } from '../../../../src/telemetry/catalogue/objectives.js';
import { boards } from '../../boardList.js';
import type { AlertCondition, AlertDefinition } from '../alert.js';
import { badEventsRecord, badRatioRecord, budget, budgetLeftRecord } from '../serviceLevels.js';
import type { WindowName } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';

/** A long window to be sure, a short one to notice the end, and how many times faster than allowed the budget may be used up in both. */
interface Burn {
  readonly long: WindowName;
  readonly short: WindowName;
  readonly factor: number;
}

/** The pairs of Google's SRE workbook: 2 % of a month's budget in an hour, 5 % in six, 10 % in one day, 10 % in three. */
const FAST: readonly Burn[] = [
  { long: '1h', short: '5m', factor: 14.4 },
  { long: '6h', short: '30m', factor: 6 },
];
const SLOW: readonly Burn[] = [
  { long: '1d', short: '2h', factor: 3 },
  { long: '3d', short: '6h', factor: 1 },
];

/** Fewer bad events in the long window never alert, however little the traffic: one failure of three calls at night is no outage. */
const MIN_BAD_EVENTS = 5;

export const serviceLevelAlerts: readonly AlertDefinition[] = [
  ...Object.values(objectives).flatMap((objective) => [fastBurn(objective), slowBurn(objective)]),
  budgetSpent(),
];

/** `tool_call_latency` is `ToolCallLatency` in the names of alerts. */
export function alertStem({ id }: Objective): string {
  return id.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function limitOf(objective: Objective, factor: number): string {
  return String(Number((factor * budget(objective)).toPrecision(6)));
}

function burning(objective: Objective, burns: readonly Burn[]): AlertCondition[] {
  return burns.map(({ long, short, factor }) => ({
    expr: [
      `${badRatioRecord(objective, long)} > ${limitOf(objective, factor)}`,
      `${badRatioRecord(objective, short)} > ${limitOf(objective, factor)}`,
      `${badEventsRecord(objective, long)} >= ${String(MIN_BAD_EVENTS)}`,
    ].join('\nand '),
    labels: { window: long },
  }));
}

function fastBurn(objective: Objective): AlertDefinition {
  return {
    ...ofObjective(objective, FAST),
    name: `${alertStem(objective)}BurnsFast`,
    severity: 'page',
    forS: 2 * MINUTE_S,
    keepFiringForS: 5 * MINUTE_S,
    runbook: {
      ...page(objective),
      means: `${objective.description} The objective is ${promise(objective)}. The error budget is being used up so fast that it will be gone within days: at 14.4 times the allowed rate over an hour, or at 6 times over six hours, and it is still going on.`,
      users: 'Agents see failing or slow calls right now.',
    },
  };
}

function slowBurn(objective: Objective): AlertDefinition {
  return {
    ...ofObjective(objective, SLOW),
    name: `${alertStem(objective)}BurnsSlowly`,
    severity: 'ticket',
    forS: 15 * MINUTE_S,
    runbook: {
      ...page(objective),
      means: `${objective.description} The objective is ${promise(objective)}. At the rate of the last day or the last three days, the error budget will not last: it was used up at 3 times the allowed rate over a day, or faster than allowed over three days.`,
      users: 'Some agents have seen failing or slow calls for days. Few will have complained.',
    },
  };
}

function promise({ target, windowDays }: Objective): string {
  return `${String(Number((target * 100).toPrecision(6)))} % good over ${String(windowDays)} days`;
}

function ofObjective(
  objective: Objective,
  burns: readonly Burn[],
): Pick<AlertDefinition, 'area' | 'board' | 'conditions' | 'summary' | 'description'> {
  return {
    area: 'service',
    board: boards.slo,
    conditions: () => burning(objective, burns),
    summary: `{{ $labels.job }}: {{ $value | humanizePercentage }} bad in the last {{ $labels.window }} (${objective.title.toLowerCase()})`,
    description: `The objective is ${promise(objective)}, so that ${String(Number((budget(objective) * 100).toPrecision(6)))} % may be bad. In the last {{ $labels.window }} it was {{ $value | humanizePercentage }}.`,
  };
}

function page(objective: Objective): Pick<AlertDefinition['runbook'], 'confirm' | 'mend' | 'lies'> {
  return {
    confirm: `The board “${boards.mcp.title}” shows which methods, tools and kinds of error it is, “${boards.logs.title}” the calls themselves.`,
    mend: [
      'Was there a deployment at the same time? Roll it back first, and look for the reason afterwards.',
      'Is a dependency down or slow? Then other alerts fire, too; deal with those first.',
      'Is it one tool? Read the error of its failing calls in their traces.',
      'Is the process overloaded (event loop, heap, connections)? Start more replicas.',
    ],
    lies:
      objective.bad.kind === 'slow'
        ? 'Tools that are slow by nature, such as those that call a model, count as bad. Give such a server an objective of its own.'
        : 'Errors of a single broken client count like those of everybody. Look at how many agents are concerned before you wake up others.',
  };
}

function budgetSpent(): AlertDefinition {
  return {
    name: 'ErrorBudgetSpent',
    severity: 'info',
    area: 'service',
    board: boards.slo,
    conditions: () =>
      Object.values(objectives).map((objective) => ({
        expr: `${budgetLeftRecord(objective)} < 0`,
        labels: { objective: objective.id },
      })),
    forS: 15 * MINUTE_S,
    summary: '{{ $labels.job }}: the error budget of {{ $labels.objective }} is spent',
    description: 'What is left is {{ $value | humanizePercentage }} of the budget; below zero, the objective is missed.',
    runbook: {
      means: 'Within the window of the objective, more events were bad than allowed. This says nothing about the present moment.',
      users: 'Perhaps nothing now: the problem may be over. The burn-rate alerts show what is happening at the moment.',
      mend: [
        'Stop risky changes of this service until the budget has recovered.',
        'Find out on the board when the budget was spent, and fix the cause permanently.',
        'If nobody was affected, the objective is too strict: change it in the catalogue.',
      ],
      lies: 'For a service that is younger than the window, or whose metrics are kept for a shorter time, the budget is that of the data there is.',
    },
  };
}
