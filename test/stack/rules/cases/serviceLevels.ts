import { burnsFast } from '../harness/burnsFast.js';
import { burnsSlowly } from '../harness/burnsSlowly.js';
import { kinds } from '../harness/kinds.js';
import { fires, silent } from '../harness/proof.js';
import type { Firing, Proof } from '../harness/proof.js';
import { counting, ofLevel } from '../harness/serviceLevel.js';
import type { ServiceLevel } from '../harness/serviceLevel.js';

const SHOP = 'job="shop",deployment_environment_name="production",instance="shop-1"';
const CALL = `${SHOP},mcp_method_name="tools/call",gen_ai_tool_name="pay"`;
const HANDOFF = `${SHOP},handoff_operation_name="handoff.session.handoff"`;
const calls = `mcp_server_operation_duration_seconds_count{${CALL}}`;
const handoffs = `handoff_operation_duration_seconds_count{${HANDOFF}}`;
const quick = (le: string): string => `mcp_server_operation_duration_seconds_bucket{${CALL},le="${le}"}`;

const availability: ServiceLevel = {
  stem: 'ToolCallAvailability',
  objective: 'tool_call_availability',
  title: 'tool calls that succeed',
  promise: '99 % good over 30 days',
  budget: 0.01,
  samples: (_, bad, good) => ({
    [calls]: good,
    [`mcp_server_operation_duration_seconds_count{${CALL},error_type="tool_error"}`]: bad,
    // Another method, all bad: it does not count.
    [`mcp_server_operation_duration_seconds_count{${SHOP},mcp_method_name="prompts/get",error_type="x"}`]: good,
  }),
  withoutBad: (all) => ({
    [calls]: all,
    [`mcp_server_operation_duration_seconds_count{${CALL},error_type="cancelled"}`]: all,
    [`mcp_server_operation_duration_seconds_count{${CALL},error_type="connection_closed"}`]: all,
    [`mcp_server_operation_duration_seconds_count{${CALL},rpc_response_status_code="-32602"}`]: all,
  }),
};

/** The bound of a bucket is written with a fraction where Prometheus 3 scraped it. */
const latency = (le: string): ServiceLevel => ({
  stem: 'ToolCallLatency',
  objective: 'tool_call_latency',
  title: 'tool calls that are fast',
  promise: '95 % good over 30 days',
  budget: 0.05,
  samples: (all, _, good) => ({ [calls]: all, [quick(le)]: good, [quick('5')]: all, [quick('+Inf')]: all }),
  withoutBad: (all) => ({ [calls]: all, [quick(le)]: all }),
});

const handoff: ServiceLevel = {
  stem: 'HandoffSuccess',
  objective: 'handoff_success',
  title: 'handoffs that succeed',
  promise: '99.9 % good over 30 days',
  budget: 0.001,
  samples: (_, bad, good) => ({
    [handoffs]: good,
    [`handoff_operation_duration_seconds_count{${HANDOFF},error_type="HANDOFF_STORAGE"}`]: bad,
  }),
  withoutBad: (all) => ({
    [handoffs]: all,
    [`handoff_operation_duration_seconds_count{${HANDOFF},error_type="session_not_found"}`]: all,
    [`handoff_operation_duration_seconds_count{${SHOP},handoff_operation_name="handoff.context.read",error_type="HANDOFF_STORAGE"}`]: all,
  }),
};

const spent = (objective: string, left: string): Firing => ({
  labels: { job: 'shop', deployment_environment_name: 'production', objective },
  summary: `shop: the error budget of ${objective} is spent`,
  description: `What is left is ${left} of the budget; below zero, the objective is missed.`,
});

const budgetSpent = (level: ServiceLevel): Proof => ({
  ...ofLevel,
  alert: 'ErrorBudgetSpent',
  severity: 'info',
  evaluatedEachMinutes: 5,
  situations: [
    {
      name: `${level.objective}: a little more than the budget was bad`,
      samples: counting(level, [[300, level.budget * 1.1]], 5),
      stepMinutes: 5,
      at: [silent(10), fires(290, spent(level.objective, '-10%'))],
    },
    {
      name: `${level.objective}: a little less`,
      samples: counting(level, [[300, level.budget * 0.99]], 5),
      stepMinutes: 5,
      at: [silent(290)],
    },
    { name: `${level.objective}: nothing was bad`, samples: level.withoutBad('0+10x50'), stepMinutes: 5, at: [silent(240)] },
    { name: `${level.objective}: there are no such series`, samples: {}, at: [silent(100)] },
  ],
});

/** Which errors are bad events: both windows of the page see them at once. */
const errorsOf = (level: ServiceLevel, series: (error: string) => string, bad: readonly string[], good: readonly string[]): Proof => ({
  ...ofLevel,
  alert: `${level.stem}BurnsFast`,
  severity: 'page',
  situations: kinds(series, bad, good, 2),
});

const failedCalls = (error: string): string => `mcp_server_operation_duration_seconds_count{${CALL},error_type="${error}"}`;
const failedHandoffs = (error: string): string => `handoff_operation_duration_seconds_count{${HANDOFF},error_type="${error}"}`;

export const serviceLevelProofs: readonly Proof[] = [
  ...[availability, latency('2'), handoff].flatMap((level) => [...burnsFast(level), ...burnsSlowly(level), budgetSpent(level)]),
  ...burnsFast(latency('2.0')).slice(1),
  errorsOf(availability, failedCalls, ['tool_error', '-32603', 'TypeError', '_OTHER'], ['cancelled', 'connection_closed']),
  errorsOf(handoff, failedHandoffs, ['HANDOFF_STORAGE', '42P01', 'TypeError', '_OTHER'], ['session_not_found', 'cancelled']),
];
