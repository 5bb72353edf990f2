import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOtlpReceiver, type OtlpReceiver } from '../../../src/testing.js';
import { debianProgram } from '../programs/debian.js';
import { programs } from '../programs/programs.js';
import { hostOf, startPair, type PrometheusPair } from './prometheusPair.js';
import { startCollector, type CollectorMemory } from './programs/collector.js';
import { composeFlags } from './programs/prometheusConfig.js';
import { startBackEndMetrics, type BackEndMetrics } from './standIns/backEndMetrics.js';
import { openGrpcDoor } from './standIns/grpcDoor.js';

const composeFile = join(import.meta.dirname, '../../../docker-compose.yml');

/** What telemetry passes through, on ports of its own. */
export interface BackEnds {
  readonly collector: Awaited<ReturnType<typeof startCollector>>;
  /** What the collector may use from its next start on. */
  readonly memory: CollectorMemory;
  /** The newest Prometheus, to which the collector pushes. */
  readonly pushed: PrometheusPair;
  /** Debian's Prometheus, which scrapes the collector. */
  readonly scraped: PrometheusPair;
  /** In place of Tempo and Loki: has every span and log record that the collector exported. */
  readonly receiver: OtlpReceiver;
  readonly backEndMetrics: BackEndMetrics;
  /** Adds a rule that cannot be evaluated to the Prometheus that takes OTLP, or takes it out again. */
  breakRules(areBroken: boolean): Promise<void>;
}

export interface BackEndOptions {
  readonly logFolder: string;
  /** Files with the rules, divided in time. */
  readonly ruleFiles: readonly string[];
  /** A further file, for a rule that is wrong. */
  readonly brokenRuleFile: string;
}

/** More than a whole run sends: a span that was thrown away would look like one that never arrived. */
const MAX_RECORDS = 1_000_000;
const NO_RULES = 'groups: []\n';
/** Fails as soon as there are two targets: neither side is unique. */
const BROKEN_RULE = 'groups: [{ name: live-broken, interval: 1s, rules: [{ record: "live:broken", expr: "up + on () up" }] }]\n';

/** Starts all of them; `cleanUp` ends them, in reverse order. */
export async function startBackEnds(
  { logFolder, ruleFiles, brokenRuleFile }: BackEndOptions,
  cleanUp: AsyncDisposableStack,
): Promise<BackEnds> {
  const newest = await programs(['prometheus', 'alertmanager']);
  const receiver = cleanUp.use(await startOtlpReceiver({ maxRecords: MAX_RECORDS }));
  const tempo = cleanUp.use(await openGrpcDoor(receiver.url));
  const backEndMetrics = cleanUp.use(await startBackEndMetrics());
  writeFileSync(brokenRuleFile, NO_RULES);
  const common = { logFolder, backEnds: backEndMetrics.target };
  const pushed = await startPair(
    {
      ...common,
      name: 'pushed',
      binaries: newest,
      flags: composeFlags(readFileSync(composeFile, 'utf8')),
      ruleFiles: [...ruleFiles, brokenRuleFile],
    },
    cleanUp,
  );
  const memory: CollectorMemory = { limitMib: undefined };
  const collector = cleanUp.use(
    await startCollector({
      logFolder,
      memory,
      env: {
        OTELCOL_TEMPO_ENDPOINT: tempo.endpoint,
        OTELCOL_LOKI_ENDPOINT: receiver.url,
        OTELCOL_PROMETHEUS_ENDPOINT: `${pushed.prometheus.url('http')}/api/v1/otlp`,
      },
    }),
  );
  const scraped = await startPair(
    {
      ...common,
      name: 'scraped',
      // Debian's Alertmanager works only where it is installed: it looks for its templates there.
      binaries: { ...newest, prometheus: await debianProgram('prometheus', 'prometheus') },
      flags: ['--enable-feature=exemplar-storage'],
      ruleFiles,
      pullFrom: hostOf(collector.url('pull')),
    },
    cleanUp,
  );
  const breakRules = async (areBroken: boolean): Promise<void> => {
    writeFileSync(brokenRuleFile, areBroken ? BROKEN_RULE : NO_RULES);
    await pushed.prometheus.signal('SIGHUP');
  };
  return { collector, memory, pushed, scraped, receiver, backEndMetrics, breakRules };
}
