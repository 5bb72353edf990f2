import { Agent, request } from 'node:http';
import type { Signal } from '../../../src/testing/records.js';

// Sends captured requests again and again, with new ids each time, and counts what was answered with success. A process of its own, so
// that its CPU can be told from everything else's.

export interface GeneratorOrder {
  readonly endpoint: string;
  readonly requests: readonly {
    readonly signal: Signal;
    readonly bodyBase64: string;
    readonly items: number;
    readonly idOffsets: readonly number[];
  }[];
  /** Spans in one pass over the requests. */
  readonly spansPerPass: number;
  /** 0: as many as are taken. */
  readonly spansPerSecond: number;
  readonly durationMs: number;
}

export interface GeneratorResult {
  readonly acknowledgedSpans: number;
  readonly acknowledgedItems: number;
  readonly refusedRequests: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
}

interface ReadyRequest {
  readonly signal: Signal;
  readonly body: Buffer;
  readonly items: number;
  readonly idOffsets: readonly number[];
}

const CONNECTIONS = 16;
const PASSES_AT_ONCE = 4;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const counts = { acknowledgedSpans: 0, acknowledgedItems: 0, refusedRequests: 0 };
let pass = 0;

async function run({ endpoint, requests, spansPerPass, spansPerSecond, durationMs }: GeneratorOrder): Promise<GeneratorResult> {
  const ready = requests.map((each) => ({ ...each, body: Buffer.from(each.bodyBase64, 'base64') }));
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  if (spansPerSecond === 0) await Promise.all(Array.from({ length: PASSES_AT_ONCE }, () => flood(endpoint, ready, startMs + durationMs)));
  else await pace(endpoint, ready, (spansPerPass * 1000) / spansPerSecond, durationMs);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...counts, elapsedMs: performance.now() - startMs, cpuMs: (user + system) / 1000 };
}

/** Passes without a pause until `endMs`. */
async function flood(endpoint: string, ready: readonly ReadyRequest[], endMs: number): Promise<void> {
  while (performance.now() < endMs) {
    const number = (pass += 1);
    await Promise.all(ready.map((each) => send(endpoint, each, number)));
  }
}

/** Whole passes, so that the proportions of signals hold; the requests of each are spread evenly over its time. */
async function pace(endpoint: string, ready: readonly ReadyRequest[], passMs: number, durationMs: number): Promise<void> {
  const open = new Set<Promise<void>>();
  let dueMs = performance.now();
  for (let left = Math.max(1, Math.round(durationMs / passMs)); left > 0; left -= 1) {
    const number = (pass += 1);
    for (const each of ready) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      const sent = send(endpoint, each, number);
      open.add(sent);
      void sent.finally(() => open.delete(sent));
      dueMs += passMs / ready.length;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
  await Promise.all(open);
}

/** The same number goes over the first bytes of every id, so that parents are still found. */
function renamed(body: Buffer, offsets: readonly number[], number: number): Buffer {
  const copy = Buffer.from(body);
  for (const offset of offsets) copy.writeUInt32BE((copy.readUInt32BE(offset) ^ number) >>> 0, offset);
  return copy;
}

function send(endpoint: string, { signal, body: original, items, idOffsets }: ReadyRequest, number: number): Promise<void> {
  const body = renamed(original, idOffsets, number);
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const sent = request(`${endpoint}/v1/${signal}`, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) {
          counts.acknowledgedItems += items;
          if (signal === 'traces') counts.acknowledgedSpans += items;
        } else counts.refusedRequests += 1;
        resolve();
      });
    });
    sent.once('error', () => {
      counts.refusedRequests += 1;
      resolve();
    });
    sent.end(body);
  });
}

process.on('message', (order: GeneratorOrder) => {
  void run(order).then((result) => {
    process.send?.(result);
    process.disconnect();
    agent.destroy();
  });
});
