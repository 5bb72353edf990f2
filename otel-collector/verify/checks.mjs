import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBackEnd } from './backEnd.mjs';
import { freeAddress, startCollector } from './collector.mjs';
import { readDerived, readExport, readRaw } from './exported.mjs';
import { findHostileFaults, sendHostile } from './hostile.mjs';
import { compare, isEqual, readLedger } from './ledger.mjs';
import { findNumberFaults, sendOddNumbers } from './oddNumbers.mjs';
import { expectEqual, expectNone, print, run, stopCleanly, until } from './outcome.mjs';
import { findScrubbingFaults, sendSecrets } from './scrubbing.mjs';
import { standIn } from './standIn.mjs';
import { configsOf, layers } from './topologies.mjs';
import { EVENT_NAME, sendWorkload, together } from './workload.mjs';

// What verify.mjs runs: each function returns if what its name says holds, and otherwise throws what is wrong.

const toFiles = configsOf('single, to files');
const DELIVERY_TIMEOUT_MS = 30_000;

/** @typedef {{ binary: string, dir: string }} Place */

/** @param {Place} place */
export async function everyTopologyIsValid({ binary, dir }) {
  mkdirSync(dir, { recursive: true });
  for (const name of Object.keys(layers))
    await run(binary, ['validate', ...configsOf(name).flatMap((path) => ['--config', path])], {
      OTELCOL_QUEUE_DIR: join(dir, 'queue'),
      OTELCOL_SAMPLING_RESOLVER: '{dns: {hostname: localhost}}',
    });
}

/** Stopped right after the last answer: what was accepted must be on disk, not in a buffer. @param {Place} place */
export async function writtenEqualsSent({ binary, dir }) {
  const collector = await startCollector({ binary, configs: toFiles, dir });
  const ledgers = await Promise.all(
    ['verify-a', 'verify-b', 'verify-c'].map((serviceName) => sendWorkload(collector.httpEndpoint, { serviceName, requests: 40 })),
  );
  await stopCleanly(collector);
  const written = readExport(dir);
  expectEqual(together(ledgers), written);
  const nameless = written.logRecords.filter(({ attributes }) => attributes['event.name'] !== EVENT_NAME).length;
  if (nameless > 0) throw new Error(`${nameless} log records have no attribute event.name, so Loki would not know which event they are.`);
}

/** Uses the unchanged configuration, and one back end instead of all: each request to it must carry credentials. @param {Place} place */
export async function everyRequestCarriesCredentials({ binary, dir }) {
  const backEnd = await startBackEnd();
  const collector = await startCollector({
    binary,
    configs: configsOf('single'),
    dir,
    env: {
      OTELCOL_PROMETHEUS_ENDPOINT: backEnd.url,
      OTELCOL_PROMETHEUS_HEADERS: '{authorization: "Bearer of-prometheus"}',
      OTELCOL_LOKI_ENDPOINT: backEnd.url,
      OTELCOL_LOKI_HEADERS: '{authorization: "Bearer of-loki"}',
      OTELCOL_TEMPO_ENDPOINT: await freeAddress(),
      OTELCOL_SELF_INTERVAL_MS: '500',
    },
  });
  await sendWorkload(collector.httpEndpoint, { serviceName: 'verify-credentials', requests: 1 });
  // One request may carry the workload's metrics and the collector's own.
  const expected = [
    ['/v1/logs', 'Bearer of-loki', EVENT_NAME],
    ['/v1/metrics', 'Bearer of-prometheus', 'verify.sum'],
    ['/v1/metrics', 'Bearer of-prometheus', 'otelcol_'],
  ];
  const sent = (/** @type {string[]} */ [path, authorization, name = '']) =>
    backEnd.requests.some((request) => request.path === path && request.authorization === authorization && request.text.includes(name));
  try {
    await until(() => expected.filter((wanted) => !sent(wanted)).map((wanted) => `not seen: ${wanted.join(', ')}`), DELIVERY_TIMEOUT_MS);
    const allowed = new Set(expected.map(([path, authorization]) => `${path} ${authorization}`));
    expectNone(
      backEnd.requests
        .map(({ path, authorization }) => `${path} ${authorization}`)
        .filter((line) => !allowed.has(line))
        .map((line) => `unexpected: ${line}`),
    );
  } finally {
    await collector.stop();
    await backEnd.close();
  }
}

/** @param {Place} place */
export async function nothingPrivatePasses({ binary, dir }) {
  const collector = await startCollector({ binary, configs: toFiles, dir });
  await sendSecrets(collector.httpEndpoint);
  await stopCleanly(collector);
  expectNone(findScrubbingFaults(dir));
}

/** Names, labels and what becomes labels, of a service that knows no restraint. @param {Place} place */
export async function nothingOfAHostileServicePasses({ binary, dir }) {
  const collector = await startCollector({ binary, configs: toFiles, dir, env: { OTELCOL_DERIVED_INTERVAL: '300ms' } });
  await sendHostile(collector.httpEndpoint);
  await until(
    () => (readDerived(dir).some(({ name }) => name === 'traces.span.metrics.calls') ? [] : ['no metric was made of the spans']),
    DELIVERY_TIMEOUT_MS,
  );
  await stopCleanly(collector);
  expectNone(findHostileFaults(readRaw(dir), 'what was written'));
}

/** One such number must not lose a whole request. Needs the built package. @param {Place} place */
export async function oddNumbersArrive({ binary, dir }) {
  const protocols = ['http/json', 'http/protobuf', 'grpc'];
  const collector = await startCollector({ binary, configs: toFiles, dir });
  for (const protocol of protocols)
    await sendOddNumbers(protocol === 'grpc' ? `http://${collector.grpcEndpoint}` : collector.httpEndpoint, protocol);
  await stopCleanly(collector);
  expectNone(findNumberFaults(readExport(dir), protocols.length));
}

/**
 * Runs the real configuration, killed once and stopped once while its back ends are down; then they come up, and everything accepted in
 * either run must arrive exactly once. So must what the collector reported of itself meanwhile.
 * @param {Place} place
 */
export async function queueOutlivesTheProcess({ binary, dir }) {
  const backEnds = await standIn({ binary, dir: join(dir, 'back-ends') });
  const env = { ...backEnds.env, OTELCOL_SELF_INTERVAL_MS: '500', OTELCOL_DERIVED_INTERVAL: '1h' };
  const gateway = () => startCollector({ binary, configs: configsOf('single'), dir: join(dir, 'gateway'), env });

  const ledgers = [];
  for (const signal of /** @type {const} */ (['SIGKILL', 'SIGTERM'])) {
    const collector = await gateway();
    ledgers.push(await sendWorkload(collector.httpEndpoint, { serviceName: `verify-${signal}`, requests: 10 }));
    // Long enough to report of itself while nobody listens.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await collector.stop(signal);
  }
  const downUntilNano = BigInt(Date.now()) * 1_000_000n;

  const listening = await backEnds.start();
  const collector = await gateway();
  const ledger = together(ledgers);
  await until(() => {
    const written = ofWorkload(readExport(backEnds.dir));
    return compare(ledger, written)
      .filter((comparison) => !isEqual(comparison))
      .map(({ signal, made, written: arrived }) => `${signal}: ${made} were made and ${arrived} arrived`);
  }, DELIVERY_TIMEOUT_MS);
  await stopCleanly(collector);
  await stopCleanly(listening);

  const written = readExport(backEnds.dir);
  expectEqual(ledger, ofWorkload(written));
  const own = written.metricPoints.filter(({ name, timeUnixNano }) => name.startsWith('otelcol_') && BigInt(timeUnixNano) < downUntilNano);
  if (own.length === 0) throw new Error('Nothing of what the collector reported of itself during the outage arrived.');
  print(`  ${own.length} points of its own arrived from the time of the outage`);
}

/** Without the collector's own metrics, which also go to Prometheus. @param {import('./exported.mjs').Exported} exported */
function ofWorkload(exported) {
  return {
    ...exported,
    metricPoints: exported.metricPoints.filter(({ resource }) => String(resource['service.name']).startsWith('verify-')),
  };
}

/** @param {string[]} command */
export function workloadArrives([command = '', ...args]) {
  return async (/** @type {Place} */ { binary, dir }) => {
    const collector = await startCollector({ binary, configs: toFiles, dir });
    const ledgerPath = join(dir, 'ledger.json');
    const filled = args.map((argument) => argument.replaceAll('{endpoint}', collector.httpEndpoint).replaceAll('{ledger}', ledgerPath));
    try {
      await run(command, filled, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpEndpoint });
    } finally {
      await collector.stop();
    }
    expectEqual(readLedger(ledgerPath), readExport(dir));
  };
}
