import { startCollector } from './collector.mjs';
import { findHostileFaults, sendHostile } from './hostile.mjs';
import { stopCleanly, until } from './outcome.mjs';
import { standIn } from './standIn.mjs';
import { configsOf } from './topologies.mjs';
import { sendWorkload } from './workload.mjs';

const TIMEOUT_MS = 30_000;
const SERVICE = 'verify-scraped';

/**
 * Series that must be on the page, with labels that each must have: what Prometheus makes of the same metrics when they are pushed.
 * @type {Record<string, Record<string, RegExp>>}
 */
const expected = {
  verify_sum_total: {
    job: /^verify-scraped$/,
    instance: /^[0-9a-f]{16}$/,
    service_name: /^verify-scraped$/,
    service_instance_id: /^[0-9a-f]{16}$/,
  },
  verify_histogram_bucket: { job: /^verify-scraped$/, service_name: /^verify-scraped$/, le: /^(0\.1|\+Inf)$/ },
  verify_gauge: { service_name: /^verify-scraped$/ },
  target_info: { job: /^(verify-scraped|otelcol)$/ },
  traces_span_metrics_calls_total: {
    job: /^verify-scraped$/,
    service_name: /^verify-scraped$/,
    collector_instance_id: /^scraped-1$/,
    span_kind: /^SPAN_KIND_/,
  },
  traces_span_metrics_duration_seconds_bucket: { service_name: /^verify-scraped$/, le: /./ },
  otelcol_receiver_accepted_spans_total: { job: /^otelcol$/, instance: /^scraped-1$/, receiver: /^otlp$/ },
  otelcol_process_uptime_seconds_total: { job: /^otelcol$/, instance: /^scraped-1$/ },
};
const absent = ['otel_scope_name', 'otel_scope_version', 'process_pid='];

/** @param {import('./checks.mjs').Place} place */
export async function thePageSaysWhatWasPushed({ binary, dir }) {
  const backEnds = await standIn({ binary, dir });
  const collector = await startCollector({
    binary,
    configs: configsOf('single, scraped'),
    dir,
    env: { ...backEnds.env, OTELCOL_INSTANCE_ID: 'scraped-1', OTELCOL_SELF_INTERVAL_MS: '500', OTELCOL_DERIVED_INTERVAL: '500ms' },
  });
  await sendWorkload(collector.httpEndpoint, { serviceName: SERVICE, requests: 3 });
  await until(async () => missingSeries(await page(collector)), TIMEOUT_MS);
  const clean = await page(collector);

  await sendHostile(collector.httpEndpoint);
  await until(async () => findHostileFaults(await page(collector), 'the page'), TIMEOUT_MS);
  await stopCleanly(collector);
  const unwanted = absent.filter((text) => clean.includes(text));
  if (unwanted.length > 0) throw new Error(`The page has ${unwanted.join(', ')}, which pushed series do not have.`);
  if (!/ # \{.*trace_id="[0-9a-f]{32}".*\}/.test(clean)) throw new Error('The page has no exemplar with a trace.');
}

/** @param {import('./collector.mjs').Collector} collector */
async function page({ scrapeEndpoint }) {
  const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';
  const response = await fetch(scrapeEndpoint, { headers: { accept }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${scrapeEndpoint} answered ${response.status}: ${await response.text()}`);
  return response.text();
}

/** @param {string} text */
function missingSeries(text) {
  const series = text.split('\n').flatMap((line) => {
    const [, name, labels] = /^([a-zA-Z_:][\w:]*)\{([^}]*)\}/.exec(line) ?? [];
    return name === undefined
      ? []
      : [
          {
            name,
            labels: Object.fromEntries([...(labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key, value])),
          },
        ];
  });
  return Object.entries(expected).flatMap(([name, labels]) => {
    const named = series.filter((candidate) => candidate.name === name);
    const right = named.some((candidate) => Object.entries(labels).every(([key, value]) => value.test(candidate.labels[key] ?? '')));
    return right ? [] : [`${name} with ${Object.keys(labels).join(', ')} is not on the page; there is ${JSON.stringify(named[0] ?? null)}`];
  });
}
