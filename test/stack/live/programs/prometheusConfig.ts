import { parse, stringify } from 'yaml';
import { INTERVAL_MS } from '../timing.js';

/** The parts of a configuration of Prometheus that the stack changes. */
interface Configuration {
  global: Record<string, unknown>;
  otlp?: unknown;
  rule_files?: readonly string[];
  alerting?: unknown;
  scrape_configs: Scrape[];
}

interface Scrape {
  job_name: string;
  honor_labels?: boolean;
  static_configs: { targets: string[] }[];
}

export interface PrometheusPlaces {
  readonly ruleFiles: readonly string[];
  /** host:port */
  readonly alertmanager?: string;
  /** host:port of what each job of the project's file is to scrape; a job without one makes an error. */
  readonly targets: Readonly<Record<string, string>>;
  /** host:port of the collector's scrape endpoint, for a Prometheus that takes no OTLP. */
  readonly pullFrom?: string;
}

/**
 * The project's own configuration with this machine's addresses and shorter intervals; for a Prometheus that pulls, without `otlp`,
 * which versions before 3 refuse, and with the collector as a target.
 */
export function prometheusConfig(projectText: string, places: PrometheusPlaces): string {
  const config = parse(projectText) as Configuration;
  const interval = `${INTERVAL_MS}ms`;
  config.global = { ...config.global, scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval };
  config.rule_files = places.ruleFiles;
  config.alerting =
    places.alertmanager === undefined ? undefined : { alertmanagers: [{ static_configs: [{ targets: [places.alertmanager] }] }] };
  config.scrape_configs = config.scrape_configs.map((job) => ({ ...job, static_configs: [{ targets: [targetOf(job, places)] }] }));
  if (places.pullFrom !== undefined) {
    delete config.otlp;
    // The labels `job` and `instance` are the servers', not the collector's.
    config.scrape_configs.push({ job_name: 'otel-collector', honor_labels: true, static_configs: [{ targets: [places.pullFrom] }] });
  }
  return stringify(config);
}

function targetOf({ job_name: job }: Scrape, { targets }: PrometheusPlaces): string {
  const target = targets[job];
  if (target !== undefined) return target;
  throw new Error(`The stack has nothing for the scrape job ${job} of the project's configuration: name what it scrapes in targets.`);
}

/** The switches of Prometheus in the compose file: what is tested here is what is run there. */
export function composeFlags(composeText: string): string[] {
  const { services } = parse(composeText, { merge: true }) as { services: Record<string, { command?: readonly string[] }> };
  return (services['prometheus']?.command ?? []).filter((flag) => /^--(web\.enable|enable-feature)/.test(flag));
}
