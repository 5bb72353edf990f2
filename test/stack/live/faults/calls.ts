import { services } from '../servers.js';
import type { Fault } from './fault.js';

const failing = { job: services.unluckyTools };
const hanging = { job: services.slowTools };
const HANG_MS = 12_000;
const HANGING = 130;
/** At a time: enough to end what burns fast; it would take minutes of them to make up for what is in the longest windows. */
const GOOD_CALLS = 4;

/** Calls of tools that fail. */
export const failingCalls: readonly Fault[] = [
  {
    name: 'a tool fails',
    alerts: [
      { name: 'ToolCallAvailabilityBurnsFast', labels: failing },
      { name: 'ToolCallAvailabilityBurnsSlowly', labels: failing, isHeldBack: true },
      { name: 'ToolErrorBurst', labels: { ...failing, gen_ai_tool_name: 'fail' } },
      { name: 'ErrorBudgetSpent', labels: { ...failing, objective: 'tool_call_availability' } },
    ],
    // Few, or it takes many good ones to make up for them.
    go: ({ calls }) => calls.tools.burst(2, 'fail'),
    recover: ({ calls }) => calls.tools.burst(GOOD_CALLS, 'work'),
  },
];

/** Calls of tools that take too long. */
export const hangingCalls: readonly Fault[] = [
  {
    name: 'calls of a tool hang',
    notInCore: 'it takes most of a minute on a busy machine',
    alerts: [
      { name: 'ToolCallLatencyBurnsFast', labels: hanging },
      { name: 'ToolCallLatencyBurnsSlowly', labels: hanging, isHeldBack: true },
      { name: 'InFlightRequestsHigh', labels: hanging },
    ],
    go: ({ calls }) => calls.slowTools.burst(HANGING, 'sleep', { ms: HANG_MS }),
    recover: ({ calls }) => calls.slowTools.burst(GOOD_CALLS, 'work'),
  },
];
