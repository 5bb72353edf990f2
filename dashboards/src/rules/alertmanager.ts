import { stringify } from 'yaml';
import type { HealthComponent } from '../../../src/telemetry/catalogue/health.js';
import type { dependencies, features } from '../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_COMPONENT_NAME, ATTR_HANDOFF_DEPENDENCY, ATTR_HANDOFF_FEATURE } from '../../../src/telemetry/semconv.js';
import { labelName } from '../names/series.js';
import { HOUR_S, MINUTE_S, timesDividedBy } from './times.js';
import type { Times } from './times.js';

/** Who is told. */
export const receivers = ['page', 'ticket', 'dead-mans-switch'] as const;
export type Receiver = (typeof receivers)[number];

export interface AlertmanagerOptions {
  /** As for rules: waits and intervals of the routes become this many times shorter. */
  readonly divideTimesBy?: number;
  /**
   * Addresses of the receivers. Without them each is read from a file, `/etc/alertmanager/secrets/<receiver>_url`, since addresses of
   * receivers are secrets; that needs Alertmanager 0.26 or newer.
   */
  readonly urls?: Readonly<Record<Receiver, string>>;
}

/** Returns the text of `alertmanager.yaml`. */
export function alertmanagerText(options: AlertmanagerOptions = {}): string {
  const times = timesDividedBy(options.divideTimesBy ?? 1);
  const configuration = {
    route: route(times),
    inhibit_rules: INHIBITIONS,
    receivers: [
      // Shown in Alertmanager and on boards, told to nobody.
      { name: 'nobody' },
      ...receivers.map((name) => ({
        name,
        webhook_configs: [{ ...address(name, options), send_resolved: name !== 'dead-mans-switch' }],
      })),
    ],
  };
  return `${NOTICE}${stringify(configuration, { lineWidth: 0 })}${MUTE_EXAMPLE}`;
}

function address(receiver: Receiver, { urls }: AlertmanagerOptions): Readonly<Record<string, string>> {
  return urls === undefined ? { url_file: `/etc/alertmanager/secrets/${receiver.replaceAll('-', '_')}_url` } : { url: urls[receiver] };
}

function route(times: Times): Readonly<Record<string, unknown>> {
  return {
    // An alert without a severity is somebody else's: it must not get lost.
    receiver: 'ticket',
    group_by: ['alertname', 'job', 'deployment_environment_name'],
    group_wait: times(30),
    group_interval: times(5 * MINUTE_S),
    repeat_interval: times(24 * HOUR_S),
    routes: [
      {
        receiver: 'dead-mans-switch',
        matchers: ['alertname = "Watchdog"'],
        group_wait: '0s',
        group_interval: times(MINUTE_S),
        repeat_interval: times(MINUTE_S),
      },
      { receiver: 'page', matchers: ['severity = "page"'], group_wait: times(10), repeat_interval: times(4 * HOUR_S) },
      { receiver: 'ticket', matchers: ['severity = "ticket"'] },
      { receiver: 'nobody', matchers: ['severity =~ "info|none"'] },
    ],
  };
}

type Dependency = (typeof dependencies)[number];
type Feature = (typeof features)[number];

interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Labels in which the two agree; without any, all of the target are held back. */
  readonly equal?: readonly string[];
}

const COMPONENT = labelName(ATTR_HANDOFF_COMPONENT_NAME);
const DEPENDENCY = labelName(ATTR_HANDOFF_DEPENDENCY);
const FEATURE = labelName(ATTR_HANDOFF_FEATURE);
const SERVICE = ['job', 'deployment_environment_name'];
const EXPORTER = ['job', 'instance', 'exporter', 'data_type'];

/** What a handoff server says about a dependency that is known to be away, by the labels under which it says so. */
function echoes(cause: string, part: HealthComponent, dependency: Dependency, feature: Feature | undefined): readonly Inhibition[] {
  const source_matchers = [`alertname = "${cause}"`];
  return [
    { source_matchers, target_matchers: ['alertname =~ "Part(Unhealthy|Degraded)"', `${COMPONENT} = "${part}"`], equal: SERVICE },
    { source_matchers, target_matchers: ['alertname = "CircuitBreakerOpen"', `${DEPENDENCY} = "${dependency}"`], equal: SERVICE },
    ...(feature === undefined
      ? []
      : [{ source_matchers, target_matchers: ['alertname = "FeatureLeftOut"', `${FEATURE} = "${feature}"`], equal: SERVICE }]),
  ];
}

/** While the cause is known, its consequences are not told as well. */
const INHIBITIONS: readonly Inhibition[] = [
  {
    source_matchers: ['alertname = "CollectorDown"'],
    target_matchers: ['alertname =~ "ServiceTelemetryAbsent|SdkExportFails|SdkDropsTelemetry"'],
  },
  {
    source_matchers: ['alertname = "DatabaseUnavailable"'],
    target_matchers: [
      'alertname =~ ".+Burns(Fast|Slowly)|ToolErrorBurst|HandoffInternalFailures|DatabaseSlow|DatabaseConnectionsAwaited|DatabasePool.+|SessionSweepLags|SweepsFail|Job.+|ServerUnhealthy|CallsShed|AdmissionLimitAtFloor|MeasurementsDropped|SlowStatements|ThresholdExceeded"',
    ],
    equal: SERVICE,
  },
  {
    source_matchers: ['alertname =~ ".+BurnsFast"'],
    target_matchers: ['alertname =~ ".+BurnsSlowly"'],
    equal: [...SERVICE, 'objective'],
  },
  {
    source_matchers: ['alertname = "CollectorQueueNearlyFull"'],
    target_matchers: ['alertname = "CollectorQueueFilling"'],
    equal: EXPORTER,
  },
  ...echoes('DatabaseUnavailable', 'database', 'database', 'jobs'),
  ...echoes('RedisUnavailable', 'redis', 'cache', 'cache'),
  ...echoes('ArchiveFails', 'archive', 'archive', 'archive'),
  // A page about the whole is not told a second time by its part, which the page names.
  {
    source_matchers: ['alertname = "ServerUnhealthy"'],
    target_matchers: ['alertname = "PartUnhealthy"', `${COMPONENT} = "database"`],
    equal: SERVICE,
  },
  ...(['cache', 'archive'] as const).map((name) => ({
    source_matchers: ['alertname = "CircuitBreakerOpen"', `${DEPENDENCY} = "${name}"`],
    target_matchers: ['alertname = "FeatureLeftOut"', `${FEATURE} = "${name}"`],
    equal: SERVICE,
  })),
];

const NOTICE = `# Generated by \`npm run dashboards\` from dashboards/src/rules/alertmanager.ts: change it there, or change a copy.
# The addresses of the receivers are secrets: each is read from a file, which needs Alertmanager 0.26 or newer. Any webhook will do;
# for PagerDuty, Slack or mail, replace \`webhook_configs\` (https://prometheus.io/docs/alerting/latest/configuration/).
`;

const MUTE_EXAMPLE = `# Tickets only in working hours: remove the marks, and add \`active_time_intervals: [working-hours]\` to the route of tickets.
# time_intervals:
#   - name: working-hours
#     time_intervals:
#       - weekdays: [monday:friday]
#         times: [{start_time: "08:00", end_time: "18:00"}]
#         location: Europe/Berlin
`;
