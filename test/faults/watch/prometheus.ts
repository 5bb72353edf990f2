import { stringify } from 'yaml';
import { startPrometheus } from '../../stack/live/programs/prometheus.js';
import { PrometheusApi } from '../../stack/live/queries/prometheusApi.js';
import { INTERVAL_MS } from '../../stack/live/timing.js';
import { programs } from '../../stack/programs/programs.js';

/** A real Prometheus that scrapes the servers themselves and evaluates the rules. */
export async function scrape(
  targets: readonly string[],
  ruleFiles: readonly string[],
  logFolder: string,
  cleanUp: AsyncDisposableStack,
): Promise<PrometheusApi> {
  const { prometheus: binary } = await programs(['prometheus']);
  const interval = `${INTERVAL_MS}ms`;
  const config = stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ruleFiles,
    scrape_configs: [{ job_name: 'handoff', static_configs: [{ targets, labels: { deployment_environment_name: 'faults' } }] }],
  });
  const program = await startPrometheus({ name: 'prometheus', binary, logFolder, flags: [], config: () => config });
  cleanUp.use(program);
  return new PrometheusApi('prometheus', program.url('http'));
}
