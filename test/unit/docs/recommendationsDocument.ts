import { rules } from '../../../src/handoff/analytics/recommendations/rules.js';
import type { FactName } from '../../../src/handoff/analytics/recommendations/facts/facts.js';

const HEAD = `# Recommendations

Generated from \`src/handoff/analytics/recommendations\` by \`npm run docs\`; a test fails when the two differ.

\`createHandoffServices().analytics.generateRecommendations()\` says what to change, and \`handoff-otel report recommendations [--json]\` prints it, as
the resource \`handoff://analytics/recommendations\` and the tool \`get_analytics\` do for agents. Rules look at
facts that were measured: without evidence nothing is recommended. Nothing is changed, and nothing of the content of sessions is read.

Each recommendation has

- \`code\`, \`title\` and \`severity\` (\`critical\`, \`warning\`, \`info\`), and \`subject\`: the table, statement, route, policy or alert that it is about;
- \`evidence\`: figures with their unit, and from when to when they were measured. \`from\` is \`null\` where the database does not say since when it counts;
- \`expectedEffect\`, an upper bound or an estimate;
- \`change\`, complete in its \`text\`: a setting, SQL, a command, or what agents or those who run the machine are to do;
- \`howToCheck\`: what shows afterwards that it has helped.

The most severe come first, and of each rule the five strongest. \`unavailableFacts\` of the array names the facts that could not be had, and
why: rules that need them said nothing. It is not in the JSON of the array; the command, the resource and the tool have it beside. \`handoff.analytics.recommendations\` counts what was
recommended, by code.
`;

/** Where each fact comes from. */
const FACTS: Readonly<Record<FactName, string>> = {
  statements:
    '`pg_stat_statements` of this database, where it is there and the role may read it. Statements are named by their number, never by their text',
  tables:
    '`pg_stat_user_tables`: tables with 10,000 rows or dead rows, not partitions; foreign keys, and columns that `pg_stat_statements` shows compared, from `pg_stats`',
  indexes: '`pg_index`',
  pool: 'samples of the last 7 days that every server takes, and the connections that PostgreSQL has left',
  cache:
    'reads of the last 7 days, and how full the cache in the memory of this process is. Redis does not say, and `handoff-otel report` has none of its own to ask',
  storage: 'the storage report, and the samples of the disk of the last day',
  sessions: 'live and dormant sessions by policy now, and what became of them in the last 7 days',
  handoffs: 'handoffs of the last 7 days, by route',
  alerts: 'what `system_events` says of the last 7 days, and the thresholds of this server now',
  highest: 'calls and statements of the last 3.5 days by hour, and the same events and thresholds',
};

export function recommendationsDocument(): string {
  const facts = Object.entries(FACTS).map(([name, from]) => `| \`${name}\` | ${from} |`);
  const rows = rules.map(
    ({ code, severity, needs, when, source }) =>
      `| \`${code}\` | \`${severity}\` | ${needs.map((name) => `\`${name}\``).join(', ')} | ${when} | ${source} |`,
  );
  return `${HEAD}
## Facts

They are gathered one after the other when somebody asks, each statement for 3 seconds at most.

| Fact | Where from |
|---|---|
${facts.join('\n')}

## Rules

| Code | Severity | Facts | Recommended when | Where the thresholds come from |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
