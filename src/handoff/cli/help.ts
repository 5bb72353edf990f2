import { editDistance } from '../server/tools/editDistance.js';
import type { Command } from './command.js';
import { optionNotes } from './optionNotes.js';
import { printable } from './render/width.js';
import { wrapped } from './report/terminal/wrapped.js';
import { usageText } from './usageError.js';

/** A terminal that is narrower breaks lines itself; where there is none, nobody wants longer ones either. */
const LEAST_COLUMNS = 60;
const MOST_COLUMNS = 100;
const INDENT = '  ';
/** Up to this many letters of a command may be wrong for it to be the one that was meant. */
const MOST_WRONG_LETTERS = 2;

/** Returns what `--help` shows: each command and what it is for. */
export function overview(commands: readonly Command[]): string {
  const lines = inColumns(commands.map(({ name, summary }) => [name, summary]));
  return [
    'Usage: handoff-otel <command>',
    '',
    ...lines,
    '',
    'For the options of a command, run: handoff-otel <command> --help',
    ...wrapped('Settings are read from the environment and from HANDOFF_CONFIG_FILE: see docs/configuration.md.', columns()),
    '',
  ].join('\n');
}

/** Returns what `--help` of one command shows. */
export function commandHelp({ name, usage, summary }: Command): string {
  const notes = optionNotes[name] ?? [];
  const options = notes.length === 0 ? [] : [...inColumns(notes), ''];
  return [usageText(usage), '', ...wrapped(summary, columns()), '', ...options].join('\n');
}

/** Each name with its meaning beside it, in as many lines as that takes. */
function inColumns(rows: readonly (readonly [name: string, meaning: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = ' '.repeat(INDENT.length * 2 + width);
  return rows.flatMap(([name, meaning]) => {
    const [first = '', ...more] = wrapped(meaning, columns(), indent);
    return [`${INDENT}${name.padEnd(width)}${INDENT}${first.trimStart()}`, ...more];
  });
}

/** Returns that there is no such command, and which one was probably meant. */
export function unknownCommand(name: string, commands: readonly Command[]): string {
  const distances = commands.map((command) => ({ name: command.name, distance: editDistance(name.toLowerCase(), command.name) }));
  const [closest] = distances.sort((a, b) => a.distance - b.distance);
  // A word that has hardly another letter is near too many.
  const isNear = closest !== undefined && closest.distance <= MOST_WRONG_LETTERS && name.length > MOST_WRONG_LETTERS;
  return `Unknown command: ${printable(name)}${isNear ? `. Did you mean ${closest.name}?` : ''}`;
}

function columns(): number {
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, process.stdout.columns ?? MOST_COLUMNS));
}
