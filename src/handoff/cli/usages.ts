/** How each command is written, a line for each form that it has. Its own help shows all of them, a wrong command line those that fit. */

const ONE_SESSION = '(--session KEY | --id ID)';

export const WATCH_USAGE = 'watch [--] PROGRAM [ARGUMENT...]';
export const SERVE_USAGE = 'serve [--stdio]';
export const DEMO_USAGE = 'demo [--color] [--otlp-endpoint URL] [--ledger FILE]';
export const HEALTH_USAGE = 'health [--url URL] [--fail-on degraded|unhealthy] [--json]';
export const DOCTOR_USAGE =
  'doctor [--stdio] [--replicas N] [--probe-archive] [--tempo URL] [--prometheus URL] [--loki URL] [--strict] [--json]';
export const MIGRATE_USAGE = 'migrate';
export const DASHBOARDS_USAGE = 'dashboards --out DIR [--only any|handoff] [--grafana-url URL] [--force]';

export const REPORT_USAGE =
  'report [TYPE...] [--from TIME] [--to TIME] [--time-zone NAME] [--granularity hour|day|week|month] [--group-by DIMENSION] [--max-groups N] [--json] [--html FILE]';

/** By the action. */
export const analyticsUsages = {
  backfill: 'analytics backfill [--json]',
  rebuild: 'analytics rebuild --from TIME [--to TIME] [--json]',
} as const;

/** By the action. */
export const archiveUsages = {
  list: 'archive list [--limit N] [--after ID] [--json]',
  verify: 'archive verify (KEY... | --all) [--after ID] [--json]',
  restore: 'archive restore KEY... [--json]',
  export: 'archive export KEY... [--out FILE]',
} as const;

/** By the action. */
export const retentionUsages = {
  list: 'retention list [--json]',
  set: 'retention set --policy NAME [--active-hours N] [--archived-days N] [--log-days N] [--metrics-days N] [--dormant-hours N] [--by WHO] [--json]',
  remove: 'retention remove --policy NAME [--by WHO] [--json]',
  rules:
    'retention rules [--add POLICY [--agent NAME] [--metadata JSON] [--request-type TYPE] [--position N] | --remove RULE] [--by WHO] [--json]',
  assign: `retention assign ${ONE_SESSION} --policy NAME [--by WHO] [--json]`,
  hold: `retention hold (${ONE_SESSION} --reason TEXT [--by WHO] | --list) [--json]`,
  release: `retention release ${ONE_SESSION} [--by WHO] [--json]`,
  erase: `retention erase ${ONE_SESSION} --yes [--by WHO] [--json]`,
  report: 'retention report [--json]',
} as const;
