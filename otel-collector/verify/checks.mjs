import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startBackEnd } from './backEnd.mjs';
import { freePort, startCollector } from './collector.mjs';
import { readExport } from './exported.mjs';
import { compare, isEqual, readLedger } from './ledger.mjs';
import { findNumberFaults, sendOddNumbers } from './oddNumbers.mjs';
import { findScrubbingFaults, sendSecrets } from './scrubbing.mjs';
import { EVENT_NAME, sendWorkload, together } from './workload.mjs';

// What verify.mjs runs: each function returns if what its name says holds, and otherwise throws what is wrong.

const config = join(import.meta.dirname, '..', 'config.yaml');
const toFiles = [config, join(import.meta.dirname, '..', 'config.file.yaml')];
const DELIVERY_TIMEOUT_MS = 30_000;

export const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

/**
 * Runs a command to completion.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function run(command, args, env = {}) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` ended with ${status}.`);
}

/**
 * Prints the numbers made and written per signal and throws unless they are equal.
 * @param {import('./ledger.mjs').Ledger} ledger
 * @param {import('./exported.mjs').Exported} exported
 */
function expectEqual(ledger, exported) {
  const comparisons = compare(ledger, exported);
  for (const { signal, made, written } of comparisons)
    print(`  ${signal.padEnd(13)} made ${String(made).padStart(6)}   written ${String(written).padStart(6)}`);
  const unequal = comparisons.filter((comparison) => !isEqual(comparison));
  if (unequal.length === 0) return;
  const some = (/** @type {string[]} */ keys) => keys.slice(0, 3).join('; ') || 'none named';
  throw new Error(
    unequal
      .map(
        ({ signal, missing, extra }) =>
          `${signal}: ${missing.length} missing (${some(missing)}), ${extra.length} unexpected (${some(extra)})`,
      )
      .join('\n'),
  );
}

/** @param {import('./collector.mjs').Collector} collector */
async function stopCleanly(collector) {
  const { code } = await collector.stop();
  if (code !== 0) throw new Error(`The collector exited with ${code} on SIGTERM instead of 0.`);
}

/** @typedef {{ binary: string, dir: string }} Place */

/** @param {Place} place */
export async function configurationIsValid({ binary, dir }) {
  for (const configs of [[config], toFiles]) {
    await run(binary, ['validate', ...configs.flatMap((path) => ['--config', path])], { OTELCOL_QUEUE_DIR: join(dir, 'queue') });
  }
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
  if (collector.warnings.length > 0) throw new Error(`The collector warned about its configuration:\n${collector.warnings.join('\n')}`);
}

/** Uses the unchanged configuration, and one back end instead of all: each request to it must carry credentials. @param {Place} place */
export async function everyRequestCarriesCredentials({ binary, dir }) {
  const backEnd = await startBackEnd();
  const env = {
    OTELCOL_PROMETHEUS_ENDPOINT: backEnd.url,
    OTELCOL_PROMETHEUS_HEADERS: '{authorization: "Bearer of-prometheus"}',
    OTELCOL_LOKI_ENDPOINT: backEnd.url,
    OTELCOL_LOKI_HEADERS: '{authorization: "Bearer of-loki"}',
  };
  const collector = await startCollector({
    binary,
    configs: [config],
    dir,
    env: { ...env, OTELCOL_TEMPO_ENDPOINT: `127.0.0.1:${await freePort()}` },
  });
  await sendWorkload(collector.httpEndpoint, { serviceName: 'verify-credentials', requests: 1 });
  // It sends the last of its own metrics when it stops.
  await collector.stop();
  await backEnd.close();
  const seen = [
    ...new Set(backEnd.requests.map(({ path, own, authorization }) => `${path}${own ? ' (its own)' : ''}: ${authorization}`)),
  ].sort();
  const expected = ['/v1/logs: Bearer of-loki', '/v1/metrics (its own): Bearer of-prometheus', '/v1/metrics: Bearer of-prometheus'];
  if (JSON.stringify(seen) !== JSON.stringify(expected))
    throw new Error(`The back end saw\n  ${seen.join('\n  ')}\ninstead of\n  ${expected.join('\n  ')}`);
}

/** @param {Place} place */
export async function nothingPrivatePasses({ binary, dir }) {
  const collector = await startCollector({ binary, configs: toFiles, dir });
  await sendSecrets(collector.httpEndpoint);
  await stopCleanly(collector);
  const faults = findScrubbingFaults(dir);
  if (faults.length > 0) throw new Error([`${faults.length} faults, the first of them:`, ...faults.slice(0, 12)].join('\n'));
}

/** One such number must not lose a whole request. Needs the built package. @param {Place} place */
export async function oddNumbersArrive({ binary, dir }) {
  const protocols = ['http/json', 'http/protobuf', 'grpc'];
  const collector = await startCollector({ binary, configs: toFiles, dir });
  for (const protocol of protocols)
    await sendOddNumbers(protocol === 'grpc' ? `http://${collector.grpcEndpoint}` : collector.httpEndpoint, protocol);
  await stopCleanly(collector);
  const faults = findNumberFaults(readExport(dir), protocols.length);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/**
 * Runs the real configuration, killed once and stopped once while its back ends are down; then they come up (a second
 * collector stands in for all three), and everything accepted in either run must arrive exactly once.
 * @param {Place} place
 */
export async function queueOutlivesTheProcess({ binary, dir }) {
  const [grpcPort, httpPort] = [await freePort(), await freePort()];
  const http = `http://127.0.0.1:${httpPort}`;
  const env = { OTELCOL_TEMPO_ENDPOINT: `127.0.0.1:${grpcPort}`, OTELCOL_PROMETHEUS_ENDPOINT: http, OTELCOL_LOKI_ENDPOINT: http };
  const gateway = () => startCollector({ binary, configs: [config], dir: join(dir, 'gateway'), env });

  const ledgers = [];
  for (const signal of /** @type {const} */ (['SIGKILL', 'SIGTERM'])) {
    const collector = await gateway();
    ledgers.push(await sendWorkload(collector.httpEndpoint, { serviceName: `verify-${signal}`, requests: 10 }));
    // Not stopCleanly: it cannot deliver its own last metrics either, and reports that with its exit code.
    await collector.stop(signal);
  }

  const backEndDir = join(dir, 'back-ends');
  const backEnds = await startCollector({
    binary,
    configs: toFiles,
    dir: backEndDir,
    env: { OTELCOL_GRPC_LISTEN: `127.0.0.1:${grpcPort}`, OTELCOL_HTTP_LISTEN: `127.0.0.1:${httpPort}` },
  });
  const collector = await gateway();
  const ledger = together(ledgers);
  await delivered(backEndDir, ledger);
  await stopCleanly(collector);
  await stopCleanly(backEnds);

  const written = ofWorkload(readExport(backEndDir));
  expectEqual(ledger, written);
  if (!readExport(backEndDir).metricPoints.some(({ name }) => name.startsWith('otelcol_')))
    throw new Error('The collector sent none of its own metrics to Prometheus.');
}

/** Without the collector's own metrics, which also go to Prometheus. @param {import('./exported.mjs').Exported} exported */
function ofWorkload(exported) {
  return {
    ...exported,
    metricPoints: exported.metricPoints.filter(({ resource }) => String(resource['service.name']).startsWith('verify-')),
  };
}

/**
 * Waits until as much has arrived as was made, or the deadline has passed; the comparison afterwards reports what is wrong.
 * @param {string} dir
 * @param {ReturnType<typeof together>} ledger
 */
async function delivered(dir, ledger) {
  const deadlineMs = performance.now() + DELIVERY_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const { spans, metricPoints, logRecords } = arrivedSoFar(dir);
    if (spans >= ledger.spans.length && metricPoints >= ledger.metricPoints.length && logRecords >= ledger.logRecords.length) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** @param {string} dir */
function arrivedSoFar(dir) {
  try {
    const { spans, metricPoints, logRecords } = ofWorkload(readExport(dir));
    return { spans: spans.length, metricPoints: metricPoints.length, logRecords: logRecords.length };
  } catch (error) {
    // The last line of a file that is being written may be incomplete: look again.
    if (error instanceof SyntaxError) return { spans: 0, metricPoints: 0, logRecords: 0 };
    throw error;
  }
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
