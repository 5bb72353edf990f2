import { isMapping } from '../../../values/guards.js';
import { formatDuration } from '../render/duration.js';
import { renderTable } from '../render/table.js';
import { printable } from '../render/width.js';
import type { HealthDocument } from '../../server/admin/healthDocument.js';

const COLUMNS = [
  { heading: 'Part' },
  { heading: 'State' },
  { heading: 'Reason' },
  { heading: 'Took', align: 'right' },
  { heading: 'Ago', align: 'right' },
] as const;

/** Returns the health for people: a table of the parts, and below it what to do about those that are not healthy. */
export function healthText({ state, checks }: HealthDocument): string {
  const parts = Object.entries(checks).map(([name, entries]) => partOf(name, entries));
  const rows = parts.map(({ name, state: its, reason, latencyMs, ageMs }) => [
    name,
    its,
    reason,
    formatDuration(latencyMs),
    formatDuration(ageMs),
  ]);
  const advice = parts.flatMap(({ name, state: its, advice: text }) => (its === 'healthy' || text === '' ? [] : [`${name}: ${text}\n`]));
  const table = `The server is ${printable(state)}.\n\n${renderTable(COLUMNS, rows)}\n`;
  return advice.length === 0 ? table : `${table}\n${advice.join('')}`;
}

interface Part {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly advice: string;
  readonly latencyMs: number;
  readonly ageMs: number;
}

/** The document comes from elsewhere, perhaps from another version. */
function partOf(name: string, entries: unknown): Part {
  const entry: unknown = Array.isArray(entries) ? entries[0] : undefined;
  const fields = isMapping(entry) ? entry : {};
  const text = (key: string): string => {
    const value = fields[key];
    return typeof value === 'string' ? printable(value) : '';
  };
  const number = (key: string): number => {
    const value = fields[key];
    return typeof value === 'number' ? value : Number.NaN;
  };
  return {
    name: printable(name),
    state: text('state'),
    reason: text('reason'),
    advice: text('advice'),
    latencyMs: number('latencyMs'),
    ageMs: number('ageMs'),
  };
}
