import { rules } from '../../../src/handoff/analytics/recommendations/rules.js';
import type { FactName } from '../../../src/handoff/analytics/recommendations/facts/facts.js';

const HEAD = `# Recommendations

Generated from \`src/handoff/analytics/recommendations\` by \`npm run docs\`; a test fails when the two differ.

To see what to change in a set-up, run \`handoff-otel report recommendations [--json]\`. Programs call
\`createHandoffServices().analytics.generateRecommendations()\`, and agents read the resource \`handoff://analytics/recommendations\` or call the tool \`get_analytics\`.
Rules examine measured facts; without evidence, they recommend nothing. Nothing is changed automatically, and the content of sessions is not read.

Each recommendation has

- \`code\`, \`title\` and \`severity\` (\`critical\`, \`warning\`, \`info\`), and \`subject\`: the table, statement, route, policy or alert that it is about;
- \`evidence\`: figures with their unit, and the time range in which they were measured. \`from\` is \`null\` if the database does not say when it began to count;
- \`expectedEffect\`: what the change should achieve, as an upper bound or an estimate;
- \`change\`: its \`text\` says exactly what to do: a setting, SQL, a command, or something that agents or operators should do;
- \`howToCheck\`: how to find out afterwards whether it has helped.

The most severe recommendations come first, with at most five from each rule. \`unavailableFacts\` names the facts that were not available, and
why; rules that need them recommend nothing. For programs, it is a property of the returned array; the command, the resource and the tool return it as a separate field, because JSON arrays
have no properties. The metric \`handoff.analytics.recommendations\` counts recommendations by code.
`;

/** Where each fact comes from. */
const FACTS: Readonly<Record<FactName, string>> = {
  statements:
    '`pg_stat_statements` of this database, if it is installed and the role may read it. Statements are named by their number, never by their text',
  tables:
    '`pg_stat_user_tables`: tables with at least 10,000 rows or dead rows, except partitions. `pg_stats`: their foreign keys, and the columns that statements in `pg_stat_statements` compare',
  indexes: '`pg_index`',
  pool: 'samples that every server took in the last 7 days, and the number of connections that PostgreSQL has left',
  cache:
    'reads of the last 7 days, and how full the in-process cache is. The fact is not available with Redis, which does not report this, or in `handoff-otel report`, which has no cache of its own',
  storage: 'the storage report, and the disk usage that was sampled in the last day',
  sessions: 'live and dormant sessions by policy at present, and how many became dormant or active again in the last 7 days',
  handoffs: 'handoffs of the last 7 days, by route',
  alerts: 'the alerts of the last 7 days in `system_events`, and the present thresholds of this server',
  highest: 'calls and statements of the last 3.5 days by hour, and the same alerts and thresholds',
};

export function recommendationsDocument(): string {
  const facts = Object.entries(FACTS).map(([name, from]) => `| \`${name}\` | ${from} |`);
  const rows = rules.map(
    ({ code, severity, needs, when, source }) =>
      `| \`${code}\` | \`${severity}\` | ${needs.map((name) => `\`${name}\``).join(', ')} | ${when} | ${source} |`,
  );
  return `${HEAD}
## Facts

Facts are gathered when recommendations are requested, one after the other, with a time limit of 3 seconds for each statement.

| Fact | Source |
|---|---|
${facts.join('\n')}

## Rules

| Code | Severity | Facts | Recommended when | Where the thresholds come from |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
