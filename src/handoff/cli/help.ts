import type { Command } from './command.js';
import { wrapped } from './report/terminal/wrapped.js';
import { usageText } from './usageError.js';

/** A terminal that is narrower breaks lines itself; where there is none, nobody wants longer ones either. */
const LEAST_COLUMNS = 60;
const MOST_COLUMNS = 100;
const INDENT = '  ';

/** Returns what `--help` shows: each command and what it is for. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const indent = ' '.repeat(INDENT.length * 2 + width);
  const lines = commands.flatMap(({ name, summary }) => {
    const [first = '', ...more] = wrapped(summary, columns(), indent);
    return [`${INDENT}${name.padEnd(width)}${INDENT}${first.trimStart()}`, ...more];
  });
  return [
    'Usage: handoff-otel <command>',
    '',
    ...lines,
    '',
    'The options of a command: handoff-otel <command> --help',
    ...wrapped('Settings are read from the environment and from HANDOFF_CONFIG_FILE: see docs/configuration.md.', columns()),
    '',
  ].join('\n');
}

/** Returns what `--help` of one command shows. */
export function commandHelp({ usage, summary }: Command): string {
  return [usageText(usage), '', ...wrapped(summary, columns()), ''].join('\n');
}

function columns(): number {
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, process.stdout.columns ?? MOST_COLUMNS));
}
