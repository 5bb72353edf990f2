import type { Assessment } from '../judge/assess.js';
import type { FaultRow } from '../row.js';

export const COLUMNS = [
  'Fault',
  'How it was injected',
  'Calls',
  'Failed',
  'Longest outage',
  'Acknowledged writes lost',
  'Recovered by itself',
  'Health told the truth',
  'Alert raised and cleared',
  'Measured',
] as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const count = (value: number): string => value.toLocaleString('en-US');

/** One line of the table, cell by cell. @param day when it was measured, `2026-11-29` */
export function cellsOf(row: FaultRow, assessment: Assessment, day: string): readonly string[] {
  const { calls, writes } = assessment;
  return [
    row.title,
    row.how,
    count(calls.made),
    count(calls.failed),
    seconds(calls.longestOutageMs),
    `${count(writes.lost)} of ${count(writes.acknowledged)}`,
    recovered(assessment),
    health(row, assessment),
    alert(row, assessment),
    day,
  ];
}

function recovered({ calls }: Assessment): string {
  if (calls.stuck.length > 0) return '**no**';
  return calls.failed === 0 ? 'yes, no call failed' : `yes, ${seconds(calls.recoveredAfterMs)} after the mending`;
}

function health({ expects }: FaultRow, { health: told }: Assessment): string {
  if (told.untrue.length > 0) return `**no**: ${told.untrue.join(', ')}`;
  if (told.clearedAfterMs === undefined) return '**no**: it did not clear';
  if (expects.health === undefined) return 'yes: all is well, and it said so';
  const well = `well again after ${seconds(told.clearedAfterMs)}`;
  if (told.toldAfterMs !== undefined && expects.victims === undefined)
    return `yes: \`${expects.health.part}\` after ${seconds(told.toldAfterMs)} (${told.said.map((reason) => `\`${reason}\``).join(', ')}), ${well}`;
  return expects.brief === undefined && told.toldAfterMs === undefined
    ? '**no**: it named nothing'
    : `yes: ${expects.brief ?? 'the others said so'}; ${well}`;
}

function alert({ expects }: FaultRow, { alerts }: Assessment): string {
  if (expects.alerts.length === 0)
    return alerts.others.length === 0 ? `none is due, and none was: ${expects.noAlert ?? ''}` : `**no**: ${alerts.others.join(', ')} fired`;
  if (alerts.raised === undefined) return '**no**: none was raised';
  if (alerts.clearedAfterMs === undefined) return `**no**: ${alerts.raised.name} did not clear`;
  return `yes: ${alerts.raised.name} after ${seconds(alerts.raised.afterMs)}, cleared after ${seconds(alerts.clearedAfterMs)}`;
}
