import * as otel from '../../../src/instrumentation/settings/otelVariables.js';
import { unsupportedVariables } from '../../../src/instrumentation/settings/unread.js';
import { databasePartVariables, identityVariables, logLevelVariables } from '../../../src/variables/earlierVariables.js';
import { admissionVariables } from '../../../src/variables/admissionVariables.js';
import { alertTargetVariables, memoryVariables, thresholdVariables } from '../../../src/variables/alertVariables.js';
import { cacheVariables } from '../../../src/variables/cacheVariables.js';
import { codebaseVariables } from '../../../src/variables/codebaseVariables.js';
import { adminVariables, analyticsVariables, dashboardVariables, monitoringVariables } from '../../../src/variables/monitoringVariables.js';
import * as server from '../../../src/variables/serverVariables.js';
import { mcpVariables, processVariables } from '../../../src/variables/telemetryVariables.js';
import type { Table, Variable } from '../../../src/variables/variable.js';

type Section = readonly [title: string, variables: Table, about?: string];

const HEAD = `# Configuration

Generated from the tables in \`src/variables/\` and \`src/instrumentation/settings/otelVariables.ts\` by \`npm run docs\`; a test fails when they
differ.

All settings are environment variables. Those of the handoff server can also be in a JSON file, see \`HANDOFF_CONFIG_FILE\`. An empty
or blank variable counts as not set, as does one that Kubernetes sets for a Service of the same name (\`DB_PORT=tcp://…\` for a Service called \`db\`). Words may be
written in upper or lower case. A \`HANDOFF_*\` or \`OTEL_*\` variable that is not a recognised setting is named on stderr. What happens if a value cannot be used depends
on what reads it:

- \`instrument()\` never stops a program. It reports the value on stderr and in \`status().notices\`, and uses the default.
- The handoff server does not start. It exits with code 2 and one message that lists every such value of this package's variables, \`instrument()\` included; values that may be secret are never shown. A variable that another one overrides is not checked.
`;

const INSTRUMENT: readonly Section[] = [
  ['MCP servers and clients', mcpVariables],
  ['Process', processVariables],
];

const SERVER: readonly Section[] = [
  ['Storage', server.storageVariables],
  ['Cache', cacheVariables],
  ['Jobs', server.jobVariables],
  ['Archive', server.archiveVariables],
  ['Streamable HTTP', server.httpVariables],
  ['Admin HTTP', adminVariables],
  ['Monitoring', monitoringVariables],
  ['Analytics', analyticsVariables],
  ['Dashboards', dashboardVariables],
  ['Thresholds', thresholdVariables, '[Monitoring](monitoring.md#thresholds-and-alerts) says what is compared, when, and who is notified.'],
  ['Alert targets', alertTargetVariables],
  ['Memory', memoryVariables],
  ['Limits', server.limitVariables],
  [
    'Admission',
    admissionVariables,
    '[Operations](operations.md#overload) says how the number of calls is limited. The tools and resources of jobs, the operator tools and the admin port are not limited.',
  ],
  ['Code analysis', codebaseVariables],
  ['Logs and shutdown', server.serverProcessVariables],
  [
    'Configuration file',
    server.configFileVariables,
    '[Operations](operations.md#changing-settings-while-it-runs) says how it is read again.',
  ],
  [
    'Names of the earlier server',
    { ...databasePartVariables, ...identityVariables, ...logLevelVariables },
    `They work as in the earlier server. Any of \`DB_HOST\` to \`DB_PASSWORD\` selects PostgreSQL. \`DATABASE_URL\` and \`HANDOFF_LOG_LEVEL\` win; a
warning names those that contradict them.
\`REDIS_HOST\`, \`REDIS_PORT\`, \`PORT\`, \`NODE_ENV\`, \`SESSION_SECRET\` and \`JWT_SECRET\` have no effect; use \`REDIS_URL\` and
\`HANDOFF_HTTP_PORT\`.`,
  ],
];

const OTEL: readonly Section[] = [
  ['General', otel.generalVariables],
  ['Resource', otel.resourceVariables],
  ['Traces', otel.tracesVariables],
  ['Metrics', otel.metricsVariables],
  ['Logs', otel.logsVariables],
  ['Limits of spans and log records', otel.limitVariables],
  [
    'OTLP',
    otel.otlpVariables,
    `From the [specification of OTLP exporters](https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Each of them also exists for one signal:
\`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\`, \`OTEL_EXPORTER_OTLP_METRICS_ENDPOINT\`, \`OTEL_EXPORTER_OTLP_LOGS_ENDPOINT\` and so on. The variable of a signal
wins; one that cannot be used gives way to the variable for all.`,
  ],
];

const OTEL_HEAD = `## OpenTelemetry

\`instrument()\` reads these, in any program. They are those of OpenTelemetry's
[specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/) unless the row says otherwise. Under
"As specified", \`differs\` means that the row says how. They win over options in code, except for \`prometheus.port\` and \`prometheus.host\`. With
\`OTEL_CONFIG_FILE\` they have no effect, see [telemetry](telemetry.md).
`;

const UNSUPPORTED_HEAD = `### Not supported

These are ignored, and a notice says so. Variables of OpenTelemetry's SDKs for other languages, and those from which Kubernetes puts together
OTEL_RESOURCE_ATTRIBUTES, are ignored without one.
`;

const SERVER_HEAD = `## Handoff server

Under "While it runs", \`yes\` means that a running server takes a new value from its configuration file; any other change of a setting needs a restart.
Retention policies and the intervals of jobs are not settings of a process: they are stored in the database, and change there for all servers at
once ([retention.md](retention.md), [jobs.md](jobs.md)).
`;

/** Returns the complete `docs/configuration.md`. */
export function configurationDocument(): string {
  const unsupported = Object.entries(unsupportedVariables).map(([name, advice]) => `| \`${name}\` | ${advice} |\n`);
  return [
    HEAD,
    '## Programs with `instrument()`\n\nOptions in code take precedence over these variables. The handoff server reads them, too.\n',
    ...INSTRUMENT.map(section),
    SERVER_HEAD,
    ...SERVER.map(section),
    OTEL_HEAD,
    ...OTEL.map(section),
    `${UNSUPPORTED_HEAD}\n| Variable | Instead |\n|---|---|\n${unsupported.join('')}`,
  ].join('\n');
}

function section([title, variables, about]: Section): string {
  const mark = OTEL.some(([, table]) => table === variables)
    ? SPECIFIED
    : SERVER.some(([, table]) => table === variables)
      ? RELOADED
      : undefined;
  const columns = ['Variable', 'Must be', 'Unit', 'Default', ...(mark === undefined ? [] : [mark.title]), 'Meaning'];
  const rows = Object.entries(variables).map(([name, variable]) => row(name, variable, mark));
  const intro = about === undefined ? '' : `${about}\n\n`;
  return `### ${title}\n\n${intro}| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}\n${rows.join('')}`;
}

/** A column that only some sections have. */
interface Mark {
  readonly title: string;
  of(variable: Variable<unknown, unknown>): string;
}

const SPECIFIED: Mark = { title: 'As specified', of: (variable) => ('differs' in variable ? 'differs' : 'yes') };
const RELOADED: Mark = { title: 'While it runs', of: ({ isReloadable = false }) => (isReloadable ? 'yes' : 'no') };

function row(name: string, variable: Variable<unknown, unknown>, mark: Mark | undefined): string {
  const { allowed, words, unit = '', defaultText, doc } = variable;
  // Words are formatted as code, wherever the sentence has them.
  const list = words?.join(', ') ?? '';
  const mustBe = words === undefined ? allowed : allowed.includes(list) ? allowed.replace(list, code(words)) : code(words);
  const marked = mark === undefined ? [] : [mark.of(variable)];
  return `| ${[`\`${name}\``, mustBe, unit, defaultText, ...marked, doc].join(' | ')} |\n`;
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
