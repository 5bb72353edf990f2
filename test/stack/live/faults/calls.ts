import { services } from '../servers.js';
import type { Fault } from './fault.js';

const job = { job: services.unluckyTools };
const HANG_MS = 8_000;
const HANGING = 120;
/** So many calls that succeed make up for what a fault left in the long windows. */
const GOOD_CALLS = 100;

/** Calls of tools that go wrong. */
export const callFaults: readonly Fault[] = [
  {
    name: 'a tool fails',
    alerts: [
      { name: 'ToolCallAvailabilityBurnsFast', labels: job },
      { name: 'ToolCallAvailabilityBurnsSlowly', labels: job, isHeldBack: true },
      { name: 'ToolErrorBurst', labels: { ...job, gen_ai_tool_name: 'fail' } },
      { name: 'ErrorBudgetSpent', labels: { ...job, objective: 'tool_call_availability' } },
    ],
    go: ({ calls }) => calls.tools.burst(5, 'fail'),
    recover: ({ calls }) => calls.tools.burst(GOOD_CALLS, 'work'),
  },
  {
    name: 'calls of a tool hang',
    alerts: [
      { name: 'ToolCallLatencyBurnsFast', labels: job },
      { name: 'ToolCallLatencyBurnsSlowly', labels: job, isHeldBack: true },
      { name: 'InFlightRequestsHigh', labels: job },
    ],
    go: ({ calls }) => calls.tools.burst(HANGING, 'sleep', { ms: HANG_MS }),
    recover: ({ calls }) => calls.tools.burst(GOOD_CALLS, 'work'),
  },
];
