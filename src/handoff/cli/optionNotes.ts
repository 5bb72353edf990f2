/** What the options and words of a command mean, in the order in which its help shows them. */
export type OptionNotes = readonly (readonly [option: string, meaning: string])[];

const TIME = 'a date (2026-05-01), a time with its offset (2026-05-01T12:00:00Z), or how long ago it was (30m, 24h, 7d, 4w)';
const SESSION_NOTES: OptionNotes = [
  ['--session KEY', 'The session, by the key under which it was registered.'],
  ['--id ID', 'The session, by its id.'],
];

export const optionNotes: Readonly<Record<string, OptionNotes>> = {
  watch: [
    ['PROGRAM', 'The command that starts your program, with its arguments, such as: node server.js'],
    ['--', 'Everything after it belongs to your program.'],
  ],
  serve: [
    ['--stdio', 'Serve MCP over stdin and stdout. Without it: over Streamable HTTP, at 127.0.0.1:3000 unless settings say otherwise.'],
  ],
  demo: [
    ['--color', 'Colour the picture.'],
    ['--otlp-endpoint URL', 'Also send the telemetry to a collector, such as http://localhost:4318.'],
    ['--ledger FILE', 'Write what was sent to a file, to compare it with what a collector received.'],
  ],
  health: [
    ['--url URL', 'The admin port. Default: HANDOFF_ADMIN_HOST and HANDOFF_ADMIN_PORT, or http://127.0.0.1:9464.'],
    ['--fail-on STATE', 'degraded: exit with 1 if the server is degraded. unhealthy (default): degraded counts as success.'],
    ['--json', 'Print the answer of the server as JSON.'],
  ],
  doctor: [
    ['--stdio', 'Check a server that an MCP client starts: no HTTP port, and an admin port only if one is set.'],
    ['--replicas N', 'How many server processes share the database. Default: those that are connected now.'],
    ['--probe-archive', 'Write an object to the archive, read it back and delete it.'],
    ['--tempo URL', 'Check that the trace arrived in Tempo; this takes up to a minute.'],
    ['--prometheus URL', 'Check that the metric arrived in Prometheus.'],
    ['--loki URL', 'Check that the log record arrived in Loki.'],
    ['--strict', 'Exit with 1 if there are warnings.'],
    ['--json', 'Print the findings as JSON.'],
  ],
  retention: [
    ['--policy NAME', 'The retention policy.'],
    ...SESSION_NOTES,
    ['--active-hours N', 'Hours without activity after which a session expires.'],
    ['--dormant-hours N', 'Hours without activity after which a session is dormant.'],
    ['--archived-days N', 'Days in the archive after which a session is deleted.'],
    ['--log-days N', 'Days to keep lifecycle events and performance logs.'],
    ['--metrics-days N', 'Days to keep system metrics.'],
    ['--add POLICY', 'Add a rule that gives this policy to the sessions that match.'],
    ['--agent NAME', 'Match sessions that this agent registers.'],
    ['--metadata JSON', 'Match sessions whose metadata contain this.'],
    ['--request-type TYPE', 'Apply the rule when a session is handed over with this request type.'],
    ['--position N', 'Where the rule goes in the list. The first rule that matches decides.'],
    ['--remove RULE', 'Remove a rule, by its id.'],
    ['--reason TEXT', 'Why the session is put on legal hold.'],
    ['--list', 'List the sessions on legal hold.'],
    ['--yes', 'Confirm the erasure, which cannot be undone.'],
    ['--by WHO', 'Who is recorded as having made the change. Default: your user name.'],
    ['--json', 'Print the result as JSON.'],
  ],
  archive: [
    ['KEY', 'A session, by its key or id.'],
    ['--all', 'Check every object.'],
    ['--limit N', 'Length of a page, 1 to 10000. Default: 50.'],
    ['--after ID', 'Start after this session, as the end of the previous page says.'],
    ['--out FILE', 'Write to a new file. Default: stdout.'],
    ['--json', 'Print one JSON object for each session.'],
  ],
  analytics: [
    ['backfill', 'Add up everything that is not in the rollups yet, including sessions that were archived before there were rollups.'],
    ['rebuild', 'Recalculate the rollups of a time range.'],
    ['--from TIME', `Start of the range: ${TIME}. Dates begin at midnight UTC.`],
    ['--to TIME', 'End of the range. Default: now.'],
    ['--json', 'Print the result as JSON.'],
  ],
  report: [
    ['TYPE', 'sessions, handoffs, context, performance, resources, anomalies or recommendations. Default: all.'],
    ['--from TIME', `Start of the range: ${TIME}. Default: 7 days before the end.`],
    ['--to TIME', 'End of the range. Default: now.'],
    ['--time-zone NAME', 'Time zone of dates, days, weeks and months, such as Europe/Berlin. Default: UTC.'],
    ['--granularity UNIT', 'hour, day, week or month: the steps of series. Default: chosen by the length of the range.'],
    ['--group-by DIMENSION', 'agent, target_agent, route, request_type, context_type, retention_policy or tool.'],
    ['--max-groups N', 'How many groups are shown, 1 to 100. Default: 20.'],
    ['--json', 'Print the reports as JSON.'],
    ['--html FILE', 'Write a page with charts to a new file.'],
  ],
  dashboards: [
    ['--out DIR', 'The folder to write to. It is created if it does not exist.'],
    ['--only any|handoff', 'Only the files for any MCP server, or only those for the handoff server.'],
    ['--grafana-url URL', 'The address of your Grafana, for the links in alerts.'],
    ['--force', 'Replace files that you have changed.'],
  ],
};
