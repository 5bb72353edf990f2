import { TELL_WITHIN_MS, WHOLE_WITHIN_MS } from '../judge/assess.js';
import type { FaultRow, Group } from '../row.js';
import { COLUMNS } from './cells.js';

export interface PageFacts {
  /** What the last rows were measured on, one fact a line. */
  readonly machine: readonly string[];
  readonly loadAverage: number;
  /** By how much the times of the rules were divided. */
  readonly dividedBy: number;
  readonly healthIntervalMs: number;
}

/** Cells of a row, by the name of the row. */
export type Table = ReadonlyMap<string, readonly string[]>;

const NOT_MEASURED = 'not measured yet';
const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The page with a line for each row, in the order of `rows`. */
export function page(rows: readonly FaultRow[], table: Table, facts: PageFacts): string {
  const groups = Map.groupBy(rows, ({ group }) => group);
  return `${head(facts)}\n${[...groups].map(([group, own]) => section(group, own, table)).join('\n')}`;
}

/** The cells of the rows that a page has already. */
export function readTable(text: string, rows: readonly FaultRow[]): Table {
  const lines = text.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.slice(2, -2).split(' | ')] : []));
  return new Map(
    rows.flatMap(({ name, title, how }) => {
      // Titles are the same in some groups, and how a fault was injected is not.
      const cells = lines.find(([ownTitle, ownHow]) => ownTitle === title && ownHow === how);
      return cells === undefined || cells.length !== COLUMNS.length || cells[2] === NOT_MEASURED ? [] : [[name, cells] as const];
    }),
  );
}

function section(group: Group, rows: readonly FaultRow[], table: Table): string {
  const lines = rows.map(({ name, title, how }) =>
    lineOf(table.get(name) ?? [title, how, NOT_MEASURED, ...Array.from({ length: COLUMNS.length - 3 }, () => '')]),
  );
  const rule = lineOf(COLUMNS.map((_, index) => (index >= 2 && index <= 4 ? '---:' : '---')));
  return [`## ${group}`, '', lineOf(COLUMNS), rule, ...lines, ''].join('\n');
}

function head({ machine, loadAverage, dividedBy, healthIntervalMs }: PageFacts): string {
  return `# What happens when something breaks

Written by \`npm run prove faults -- --write\`, which exits with 1 if a cell is not as it must be. With \`--only NAME,NAME\` it measures and replaces
only these rows; the last column says when each was measured. The rows with the latest date were measured on this machine, earlier ones perhaps on another:

${machine.map((fact) => `- ${fact}`).join('\n')}
- Load average at the end: ${loadAverage.toFixed(2)}

Each row starts real servers of its own: PostgreSQL or the embedded database, Redis or the collector where the row is about them, two built handoff
servers over HTTP, and Prometheus, which scrapes the servers and evaluates the rules of \`dashboards/alerts\` with all times divided by ${dividedBy}. Four
agents call all the time, two on each server, each with a session of its own: four calls in five write a text that nobody else writes, and the fifth
reads. The servers look at themselves every ${healthIntervalMs / 1000} s and not every 30 s; all other settings are the defaults. A fault lasts at least as long as the
row says, and until \`/health\` and an alert have told of it, 45 s at most.

- **Failed** counts answers that say that a call failed, and calls that had no answer. A caller is told when to try again; the agents here do not wait.
- **Longest outage** is the longest that one agent had to do without a write, or without a read, that succeeded: from one success to the next.
- **Acknowledged writes lost** compares what agents were told is stored with what the database has in the end. It must be 0. A write that is stored
  twice, and an entry that nobody wrote, fail the row as well.
- **Recovered by itself**: once the cause is mended, calls of all agents succeed within ${WHOLE_WITHIN_MS / 1000} s, without a restart of a server.
- **Health told the truth**: \`/health\` of each server named the broken part within ${TELL_WITHIN_MS / 1000} s, named nothing that was not broken, and said that all is
  well within ${WHOLE_WITHIN_MS / 1000} s of the mending. A collector that takes nothing is named within 20 s, since a batch is given up after ten. That a part was
  slow, or did not answer in time, is measured, and true on a busy machine.
- **Alert raised and cleared**: the first of the alerts that are made for it, how long after the fault it fired, and how long after the mending it ended.
`;
}
