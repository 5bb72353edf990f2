/**
 * The program of the thread that sends what is left while the process ends.
 *
 * It is text, not a file: in a bundle or a single executable there would be no file to start. It uses only Node's own modules,
 * and gets an empty environment of its own, so that no preloaded module (`NODE_OPTIONS=--import ...`) runs in it. Each request
 * is tried twice, as the exporter does at exit. `outcome[0]` becomes 1 at the end; `outcome[1]` counts the requests that were
 * accepted.
 */
export const SENDER_SOURCE = `'use strict';
const { workerData } = require('node:worker_threads');
const { gzipSync } = require('node:zlib');
const { requests, outcome, timeoutMs, parallel, pauseMs } = workerData;
const state = new Int32Array(outcome);
const endsAt = performance.now() + timeoutMs;
const RETRYABLE = [429, 502, 503, 504];

function attempt({ url, headers, tls, proxyEnv }, body) {
  return new Promise((resolve) => {
    const { Agent, request } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
    const left = Math.max(1, endsAt - performance.now());
    const sent = request(url, { ...tls, method: 'POST', agent: new Agent({ proxyEnv }), headers: { ...headers, 'Content-Length': body.byteLength }, timeout: left }, (answer) => {
      answer.on('error', () => resolve(0)).on('end', () => resolve(answer.statusCode)).resume();
    });
    sent.on('timeout', () => sent.destroy()).on('error', () => resolve(0)).end(body);
  });
}

async function deliver(item) {
  const body = item.gzip ? gzipSync(item.body) : item.body;
  const headers = item.gzip ? { ...item.headers, 'Content-Encoding': 'gzip' } : item.headers;
  for (let tries = 0; tries < 2; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const status = await attempt({ ...item, headers }, body);
    if (status >= 200 && status < 300) return void Atomics.add(state, 1, 1);
    if (status !== 0 && !RETRYABLE.includes(status)) return;
  }
}

async function lane() {
  for (let item = requests.shift(); item !== undefined; item = requests.shift()) await deliver(item).catch(() => {});
}

Promise.all(Array.from({ length: parallel }, lane)).then(() => {
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
});
`;
