import { countedSituations } from '../harness/counted.js';
import { kinds } from '../harness/kinds.js';
import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production",instance="shop-1"';
const labels = { job: 'shop', deployment_environment_name: 'production' };

const calls = (more: string): string => `mcp_server_operation_duration_seconds_count{${SHOP},mcp_method_name="tools/call",${more}}`;
const good = calls('gen_ai_tool_name="pay"');
const bad = calls('gen_ai_tool_name="pay",error_type="tool_error"');
const cancelled = calls('gen_ai_tool_name="pay",error_type="cancelled"');
const burst = {
  labels: { ...labels, gen_ai_tool_name: 'pay' },
  summary: 'shop: 52.38% of the calls of pay fail',
  description:
    'In the last five minutes at least ten calls of this tool failed, and more than half of all its calls. Other tools may be fine.',
};

const refusals = (name: string, reason: string, why: string): Proof => ({
  alert: name,
  severity: 'ticket',
  area: 'service',
  board: 'handoff-business',
  situations: countedSituations({
    series: `handoff_http_refusals_total{${SHOP},handoff_http_refusal_reason="${reason}"}`,
    least: 30,
    windowMinutes: 5,
    keepMinutes: 5,
    firing: {
      labels: { ...labels, handoff_http_refusal_reason: reason },
      summary: `shop: 30 HTTP requests refused in five minutes (${reason})`,
      description: `Requests are refused because ${why}; the reason is ${reason}.`,
    },
  }),
});

/** Other reasons that fire too, and some that do not. */
const withReasons = (proof: Proof, firing: readonly string[], not: readonly string[]): Proof => ({
  ...proof,
  situations: [
    ...proof.situations,
    ...[...firing, ...not].map((reason) => ({
      name: `the reason ${reason}`,
      samples: { [`handoff_http_refusals_total{${SHOP},handoff_http_refusal_reason="${reason}"}`]: '_x9 500x10' },
      at: [firing.includes(reason) ? firesSomehow(11) : silent(11)],
    })),
  ],
});

export const serviceProofs: readonly Proof[] = [
  {
    alert: 'ToolErrorBurst',
    severity: 'ticket',
    area: 'service',
    board: 'handoff-mcp',
    situations: [
      ...countedSituations({
        series: bad,
        least: 10,
        windowMinutes: 5,
        forMinutes: 2,
        keepMinutes: 5,
        firing: { ...burst, summary: 'shop: 100% of the calls of pay fail' },
      }),
      {
        name: 'two processes live for a single export',
        samples: { [good]: '_x70 10', [bad]: '_x70 11' },
        at: [fires(72, burst), fires(79, burst), silent(81)],
      },
      {
        name: 'what succeeded long ago does not count',
        samples: { [good]: '1000x200', [bad]: '_x70 11x200' },
        at: [firesSomehow(72)],
      },
      {
        name: 'what succeeded shortly before does not count',
        samples: { [good]: '_x64 1000x200', [bad]: '_x70 11x200' },
        at: [firesSomehow(72)],
      },
      {
        name: 'the series of what succeeded is missing for 50 minutes',
        samples: { [good]: '1000x19 _x50 1000x100', [bad]: '_x70 11x200' },
        at: [firesSomehow(73)],
      },
      {
        name: 'the series of what succeeded is missing for more than an hour, and counts as new',
        samples: { [good]: '1000x2 _x71 1000x100', [bad]: '_x74 11x200' },
        at: [silent(76), silent(77)],
      },
      {
        name: 'what succeeded counts for five minutes',
        samples: { [good]: '1000x69 1050x100', [bad]: '_x70 20x5 40x20' },
        at: [silent(75), silent(77), firesSomehow(79)],
      },
      {
        name: 'a tool fails more often than it succeeds, at least ten times',
        samples: { [good]: '_x70 10x200', [bad]: '_x70 11x200' },
        at: [silent(71), fires(72, burst), fires(79, burst), silent(81)],
      },
      { name: 'half of the calls fail', samples: { [good]: '_x70 11x200', [bad]: '_x70 11x200' }, at: [silent(72), silent(74)] },
      { name: 'ten calls fail', samples: { [good]: '_x70 9x200', [bad]: '_x70 10x200' }, at: [firesSomehow(72)] },
      { name: 'nine calls fail', samples: { [bad]: '_x70 9x200' }, at: [silent(72), silent(74)] },
      { name: 'callers cancel', samples: { [good]: '_x70 1x200', [cancelled]: '_x70 90x200' }, at: [silent(72), silent(74)] },
      {
        name: 'callers ask for what does not exist',
        samples: { [calls('gen_ai_tool_name="_OTHER",rpc_response_status_code="-32602"')]: '_x70 90x200' },
        at: [silent(72), silent(74)],
      },
      {
        name: 'another method fails',
        samples: { [`mcp_server_operation_duration_seconds_count{${SHOP},mcp_method_name="prompts/get",error_type="x"}`]: '_x70 90x200' },
        at: [silent(72), silent(74)],
      },
      {
        name: 'an old series fails, until its process starts again',
        samples: { [bad]: '5+20x90 0x60' },
        at: [firesSomehow(80), silent(103)],
      },
      { name: 'old failures are over', samples: { [good]: '0+1x200', [bad]: '900x200' }, at: [silent(80), silent(120)] },
      { name: 'there are no calls', samples: {}, at: [silent(80)] },
    ],
  },
  {
    alert: 'InFlightRequestsHigh',
    severity: 'ticket',
    area: 'service',
    board: 'handoff-mcp',
    situations: [
      ...levelSituations({
        samples: (values) => ({
          [`handoff_mcp_server_active_requests{${SHOP},mcp_method_name="tools/call"}`]: values,
          [`handoff_mcp_server_active_requests{${SHOP},mcp_method_name="subscriptions/listen"}`]: '300x200',
        }),
        quiet: 3,
        above: 101,
        below: 100,
        forMinutes: 10,
        firing: {
          labels: { ...labels, instance: 'shop-1' },
          summary: 'shop: 101 requests are being worked on in shop-1',
          description: 'For ten minutes more than 100 requests were open in one process: more arrive than are answered, or some never end.',
        },
      }),
    ],
  },
  {
    alert: 'HandoffInternalFailures',
    severity: 'ticket',
    area: 'service',
    board: 'handoff-business',
    situations: [
      ...countedSituations({
        series: `handoff_operation_duration_seconds_count{${SHOP},handoff_operation_name="handoff.context.append",error_type="HANDOFF_STORAGE"}`,
        least: 5,
        windowMinutes: 5,
        keepMinutes: 5,
        firing: {
          labels: { ...labels, handoff_operation_name: 'handoff.context.append' },
          summary: 'shop: handoff.context.append failed 5 times inside the server',
          description:
            "So many times in five minutes the operation failed for a reason that is not the caller's: a fault of ours or of a database.",
        },
      }),
      // Codes of ours and of PostgreSQL, and classes, are faults inside the server; words in lower case are answers to the caller.
      ...kinds(
        (error) => `handoff_operation_duration_seconds_count{${SHOP},handoff_operation_name="x",error_type="${error}"}`,
        ['42P01', 'TypeError', '_OTHER'],
        ['session_not_found', 'cancelled'],
      ),
    ],
  },
  withReasons(
    refusals('HttpCapacityRefusals', 'busy', 'the server has no room for them'),
    ['connections', 'memory', 'unread', 'failed'],
    ['token', 'body_size', 'path'],
  ),
  withReasons(refusals('HttpAccessRefusals', 'token', 'the client may not ask'), ['host', 'origin'], ['busy', 'method']),
];
