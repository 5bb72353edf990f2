import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const LAST_LINES = 10;

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, lastLine: string }} End */
/**
 * @typedef {object} Collector
 * @property {string} httpEndpoint  base URL for OTLP/HTTP, as in OTEL_EXPORTER_OTLP_ENDPOINT
 * @property {string} grpcEndpoint  host:port for OTLP/gRPC
 * @property {number} pid  the number of its process
 * @property {string} scrapeEndpoint  address of the page with config.pull.yaml, otherwise empty
 * @property {string[]} warnings  the warnings in its log until it was ready
 * @property {(signal?: NodeJS.Signals) => Promise<End>} stop  stops it (with SIGTERM by default) and waits until it has exited
 */

/**
 * Starts a collector on free loopback ports and waits until it accepts telemetry.
 * @param {{ binary: string, configs: string[], dir: string, env?: Record<string, string> }} options
 *   `dir` holds its queue and, with config.file.yaml, its files; `env` overrides any variable of the configuration.
 * @returns {Promise<Collector>}
 * @throws {Error} with its last log lines when it does not start
 */
export async function startCollector({ binary, configs, dir, env = {} }) {
  mkdirSync(dir, { recursive: true });
  const ports = await ownPorts(configs);
  const child = spawn(
    binary,
    configs.flatMap((config) => ['--config', config]),
    {
      env: { ...process.env, ...anyPort, ...ports, OTELCOL_QUEUE_DIR: join(dir, 'queue'), OTELCOL_FILE_DIR: dir, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  running.add(child);
  child.once('close', () => running.delete(child));
  /** @type {string[]} */
  const lines = [];
  /** @type {Promise<End>} */
  const ended = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, lastLine: lines.findLast((line) => line !== '') ?? '' })),
  );
  const started = await readUntilReady(child, lines, ended);
  return {
    httpEndpoint: `http://${started.http}`,
    grpcEndpoint: started.grpc,
    pid: child.pid ?? 0,
    scrapeEndpoint: ports.OTELCOL_METRICS_LISTEN === undefined ? '' : `http://${ports.OTELCOL_METRICS_LISTEN}/metrics`,
    warnings: started.warnings,
    stop: (signal = 'SIGTERM') => stop(child, signal, ended),
  };
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Kills what a failed check left running; its telemetry no longer matters. */
export function killRemaining() {
  for (const child of running) child.kill('SIGKILL');
}

/** Ports that the system picks; the collector's log names them. */
const anyPort = {
  OTELCOL_GRPC_LISTEN: '127.0.0.1:0',
  OTELCOL_HTTP_LISTEN: '127.0.0.1:0',
  OTELCOL_HEALTH_LISTEN: '127.0.0.1:0',
  OTELCOL_ZPAGES_LISTEN: '127.0.0.1:0',
};

/**
 * The collector sends its own metrics to this port, so that it cannot leave the choice to the system.
 * @param {string[]} configs
 */
async function ownPorts(configs) {
  return {
    OTELCOL_SELF_LISTEN: await freeAddress(),
    // The exporter of the page does not say which port it got.
    ...(configs.some((config) => config.endsWith('config.pull.yaml')) ? { OTELCOL_METRICS_LISTEN: await freeAddress() } : {}),
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string[]} lines
 * @param {Promise<unknown>} ended
 * @returns {Promise<{ http: string, grpc: string, warnings: string[] }>}
 */
function readUntilReady(child, lines, ended) {
  const found = { http: '', grpc: '', warnings: /** @type {string[]} */ ([]) };
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new Error(`The collector ${why}. Its last lines:\n${lines.join('\n')}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not ready within ${START_TIMEOUT_MS} ms`);
    }, START_TIMEOUT_MS);
    child.once('error', reject);
    void ended.then((how) => {
      clearTimeout(timer);
      fail(`ended before it was ready (${JSON.stringify(how)})`);
    });
    createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stderr) }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      const record = parse(line);
      // The receiver of the collector's own metrics is another one.
      const outside = record['otelcol.component.id'] === 'otlp';
      if (outside && record.msg === 'Starting HTTP server') found.http = record.endpoint ?? '';
      if (outside && record.msg === 'Starting GRPC server') found.grpc = record.endpoint ?? '';
      // zpages warns that it cannot show the collector's own spans, and grpc that nobody listens: neither is about the configuration.
      if (record.level === 'warn' && !/^(?:zpages|grpc@)/.test(record.caller ?? '')) found.warnings.push(line);
      if (record.msg?.startsWith('Everything is ready')) {
        clearTimeout(timer);
        resolve(found);
      }
    });
  });
}

/**
 * @param {string} line
 * @returns {{ level?: string, caller?: string, msg?: string, endpoint?: string, 'otelcol.component.id'?: string }}
 */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    // Before it has read its configuration, the collector writes plain text.
    return {};
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {Promise<End>} ended
 */
async function stop(child, signal, ended) {
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill(signal);
  const end = await ended;
  clearTimeout(timer);
  if (end.signal === 'SIGKILL' && signal !== 'SIGKILL')
    throw new Error(`The collector did not exit within ${STOP_TIMEOUT_MS} ms of ${signal}.`);
  return end;
}

/**
 * A loopback address that was free a moment ago: for what must be down now and up later, and for who sends to itself. Where the system has
 * more than one loopback host, it is one that neither outgoing connections nor other programs use, so that it stays free.
 * @returns {Promise<string>} host:port
 */
export function freeAddress() {
  const host = process.platform === 'linux' ? `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(1, 255)}` : '127.0.0.1';
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(`${host}:${typeof address === 'object' && address !== null ? address.port : 0}`));
    });
  });
}
