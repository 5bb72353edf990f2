import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanagerText, receivers, type Receiver } from '../../../dashboards/src/rules/alertmanager.js';
import { startOtlpReceiver, type OtlpReceiver } from '../../../src/testing.js';
import { programs } from '../programs/programs.js';
import { startAlertmanager } from './programs/alertmanager.js';
import { startCollector } from './programs/collector.js';
import { debianPrometheus } from './programs/debian.js';
import type { LiveProgram } from './programs/liveProgram.js';
import { startPrometheus } from './programs/prometheus.js';
import { composeFlags, prometheusConfig } from './programs/prometheusConfig.js';
import { PrometheusApi } from './queries/prometheusApi.js';
import { startBackEndMetrics, type BackEndMetrics } from './standIns/backEndMetrics.js';
import { openGrpcDoor } from './standIns/grpcDoor.js';
import { startWebhooks, type Webhooks } from './standIns/webhooks.js';
import { DIVIDE_TIMES_BY } from './timing.js';

const root = join(import.meta.dirname, '../../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const hostOf = (url: string): string => new URL(url).host;

const urlsOf = (webhooks: Webhooks): Record<Receiver, string> =>
  Object.fromEntries(receivers.map((receiver) => [receiver, webhooks.urlOf(receiver)])) as Record<Receiver, string>;

/** What telemetry passes through, on ports of its own. */
export interface BackEnds {
  readonly collector: Awaited<ReturnType<typeof startCollector>>;
  /** Takes OTLP, and alerts. */
  readonly prometheus: LiveProgram<'http'>;
  readonly alertmanager: LiveProgram<'http'>;
  /** Each Prometheus: the new one, to which the collector pushes, and Debian's, which scrapes the collector. */
  readonly apis: readonly [PrometheusApi, PrometheusApi];
  readonly webhooks: Webhooks;
  /** In place of Tempo and Loki: has every span and log record that the collector exported. */
  readonly receiver: OtlpReceiver;
  readonly backEndMetrics: BackEndMetrics;
}

export interface BackEndOptions {
  readonly logFolder: string;
  /** Files with the rules, divided in time. */
  readonly ruleFiles: readonly string[];
}

/** Starts all of them; `cleanUp` ends them, in reverse order. */
export async function startBackEnds({ logFolder, ruleFiles }: BackEndOptions, cleanUp: AsyncDisposableStack): Promise<BackEnds> {
  const binaries = await programs(['prometheus', 'alertmanager']);
  const receiver = cleanUp.use(await startOtlpReceiver());
  const tempo = cleanUp.use(await openGrpcDoor(receiver.url));
  const webhooks = cleanUp.use(await startWebhooks());
  const backEndMetrics = cleanUp.use(
    await startBackEndMetrics([
      'tempo_discarded_spans_total{reason="live_traces_exceeded",tenant="single-tenant"}',
      'tempo_distributor_spans_received_total{tenant="single-tenant"}',
      'loki_discarded_samples_total{reason="line_too_long",tenant="fake"}',
      'loki_distributor_lines_received_total{tenant="fake"}',
    ]),
  );
  const alertmanager = cleanUp.use(
    await startAlertmanager({
      name: 'alertmanager',
      binary: binaries.alertmanager,
      logFolder,
      config: alertmanagerText({ divideTimesBy: DIVIDE_TIMES_BY, urls: urlsOf(webhooks) }),
    }),
  );
  const { target } = backEndMetrics;
  const config =
    (more: { readonly alertmanager?: string; readonly pullFrom?: string }) =>
    (prometheus: string): string =>
      prometheusConfig(textOf('otel-collector/backends/prometheus.yaml'), {
        ruleFiles,
        targets: { prometheus, alertmanager: hostOf(alertmanager.url('http')), tempo: target, loki: target, grafana: target },
        ...more,
      });
  const prometheus = cleanUp.use(
    await startPrometheus({
      name: 'prometheus',
      binary: binaries.prometheus,
      logFolder,
      flags: composeFlags(textOf('docker-compose.yml')),
      config: config({ alertmanager: hostOf(alertmanager.url('http')) }),
    }),
  );
  const collector = cleanUp.use(
    await startCollector({
      logFolder,
      env: {
        OTELCOL_TEMPO_ENDPOINT: tempo.endpoint,
        OTELCOL_LOKI_ENDPOINT: receiver.url,
        OTELCOL_PROMETHEUS_ENDPOINT: `${prometheus.url('http')}/api/v1/otlp`,
        // Soon full, when a back end is away.
        OTELCOL_QUEUE_ITEMS: '4000',
      },
    }),
  );
  const older = cleanUp.use(
    await startPrometheus({
      name: 'prometheus-debian',
      binary: await debianPrometheus(),
      logFolder,
      flags: ['--enable-feature=exemplar-storage'],
      config: config({ pullFrom: hostOf(collector.url('pull')) }),
    }),
  );
  const apis = [new PrometheusApi('pushed', prometheus.url('http')), new PrometheusApi('scraped', older.url('http'))] as const;
  return { collector, prometheus, alertmanager, apis, webhooks, receiver, backEndMetrics };
}
