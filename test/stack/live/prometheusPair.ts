import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanagerText, receivers, type Receiver } from '../../../dashboards/src/rules/alertmanager.js';
import { startAlertmanager } from './programs/alertmanager.js';
import type { LiveProgram } from './programs/liveProgram.js';
import { startPrometheus } from './programs/prometheus.js';
import { prometheusConfig } from './programs/prometheusConfig.js';
import { PrometheusApi } from './queries/prometheusApi.js';
import { startWebhooks, type Webhooks } from './standIns/webhooks.js';
import { DIVIDE_TIMES_BY } from './timing.js';

const projectConfig = join(import.meta.dirname, '../../../otel-collector/backends/prometheus.yaml');

/** A Prometheus, the Alertmanager that it tells, and the receivers that are told in the end. */
export interface PrometheusPair {
  readonly prometheus: LiveProgram<'http'>;
  readonly alertmanager: LiveProgram<'http'>;
  readonly webhooks: Webhooks;
  readonly api: PrometheusApi;
}

export interface PairOptions {
  /** Of the pair, in messages: how metrics get there. */
  readonly name: 'pushed' | 'scraped';
  readonly logFolder: string;
  readonly binaries: { readonly prometheus: string; readonly alertmanager: string };
  readonly flags: readonly string[];
  readonly ruleFiles: readonly string[];
  /** host:port of what stands for Tempo, Loki and Grafana when they are scraped. */
  readonly backEnds: string;
  /** host:port of the collector's page, for a Prometheus that takes no OTLP. */
  readonly pullFrom?: string;
}

export const hostOf = (url: string): string => new URL(url).host;

export async function startPair(options: PairOptions, cleanUp: AsyncDisposableStack): Promise<PrometheusPair> {
  const { name, logFolder, binaries, flags, ruleFiles, backEnds, pullFrom } = options;
  const webhooks = cleanUp.use(await startWebhooks());
  const urls = Object.fromEntries(receivers.map((receiver) => [receiver, webhooks.urlOf(receiver)])) as Record<Receiver, string>;
  const alertmanager = cleanUp.use(
    await startAlertmanager({
      name: `alertmanager-${name}`,
      binary: binaries.alertmanager,
      logFolder,
      config: alertmanagerText({ divideTimesBy: DIVIDE_TIMES_BY, urls }),
    }),
  );
  const target = hostOf(alertmanager.url('http'));
  const prometheus = cleanUp.use(
    await startPrometheus({
      name: `prometheus-${name}`,
      binary: binaries.prometheus,
      logFolder,
      flags,
      config: (own) =>
        prometheusConfig(readFileSync(projectConfig, 'utf8'), {
          ruleFiles,
          alertmanager: target,
          targets: { prometheus: own, alertmanager: target, tempo: backEnds, loki: backEnds, grafana: backEnds },
          ...(pullFrom === undefined ? {} : { pullFrom }),
        }),
    }),
  );
  return { prometheus, alertmanager, webhooks, api: new PrometheusApi(name, prometheus.url('http')) };
}
