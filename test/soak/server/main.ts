import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startThrowawayRedis } from '../../setup/throwawayRedis.js';
import { HttpServer } from '../../bench/http/httpServer.js';
import { callsOfSession } from '../../bench/http/standardCalls.js';
import { loadAverage, machineFacts } from '../../bench/machine.js';
import { startOtlpCounter } from '../../bench/otlpCounter.js';
import { document } from './document.js';
import { judge } from './judge.js';
import { plot } from './plot.js';
import { takeSample } from './sample.js';
import type { Reading } from './sample.js';

// `npm run prove soak`: many tool calls to a built server with everything on, and what stays in its memory. Exit code 1 when something
// leaks. --write keeps the page and its plot below docs/comparisons; --leak has the server keep something of each request, which must be
// noticed.

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    warmup: { type: 'string', default: '20000' },
    readings: { type: 'string', default: '20' },
    callers: { type: 'string', default: '16' },
    leak: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const calls = Number(values.calls);
const warmUpCalls = Number(values.warmup);
const readingCount = Number(values.readings);
const callers = Number(values.callers);
if (!(calls >= 100) || !(warmUpCalls >= 0) || !(readingCount >= 4) || !(callers >= 1))
  throw new RangeError('--calls must be at least 100, --readings at least 4, and --callers at least 1.');

/** Longer than the server takes to notice that connections are closed. */
const REST_MS = 2000;
const MOST_FAILED_SHARE = 0.01;
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

await using stack = new AsyncDisposableStack();
const postgres = stack.use(await startThrowawayPostgres());
const redis = stack.use(await startThrowawayRedis());
const database = await freshDatabase(postgres.url);
const counter = await startOtlpCounter();
stack.defer(() => counter.close());
const server = await HttpServer.start({
  env: {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: counter.url,
    // A cache that is full when the warm-up is over: one that still fills looks like a leak.
    HANDOFF_CACHE_MAX_ENTRIES: '500',
    HANDOFF_METRICS_COLLECTION_INTERVAL_MS: '5000',
    HANDOFF_HEALTH_CHECK_INTERVAL_MS: '5000',
    ...(values.leak ? { SOAK_LEAK: '1' } : {}),
  },
  nodeArgs: ['--expose-gc', `--import=${new URL('./sampler.mjs', import.meta.url).href}`],
  connections: callers,
});
stack.defer(() => server.end());

let lives = 0;
let done = 0;
let failed = 0;

/** Whole lives of sessions, until so many calls were made. */
async function callUntil(total: number): Promise<void> {
  const caller = async (): Promise<void> => {
    while (done < total) {
      lives += 1;
      for (const { name, args } of callsOfSession(`soak-${lives}`)) {
        done += 1;
        const isFailed = await server.callTool(name, args).then(
          ({ isError }) => isError,
          () => true,
        );
        if (isFailed) failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function read(): Promise<Reading> {
  await (await fetch(`${server.adminUrl}/metrics`, { headers: { connection: 'close' } })).text();
  server.rest();
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const reading = { ...(await takeSample(server.child)), calls: done };
  progress(`${reading.calls} calls: ${reading.heapBytes} bytes of heap, ${reading.externalBytes} outside, ${failed} failed`);
  return reading;
}

await callUntil(warmUpCalls);
const failedBefore = failed;
const readings = [await read()];
const startMs = performance.now();
for (let number = 1; number < readingCount; number += 1) {
  await callUntil(warmUpCalls + (calls * number) / (readingCount - 1));
  readings.push(await read());
}
const callsPerSecond = ((done - warmUpCalls) * 1000) / (performance.now() - startMs);
const verdict = judge(readings);
const text = document({
  command: `npm run prove soak -- --calls ${calls} --warmup ${warmUpCalls} --readings ${readingCount}${values.leak ? ' --leak' : ''}${values.write ? ' --write' : ''}`,
  date: new Date().toISOString().slice(0, 10),
  machine: await machineFacts(),
  loadAverage: loadAverage(),
  warmUpCalls,
  callsPerSecond,
  failedCalls: failed - failedBefore,
  readings,
  verdict,
});
process.stdout.write(text);
if (values.write) {
  const page = (name: string): URL => new URL(`../../../docs/comparisons/${name}`, import.meta.url);
  writeFileSync(page('soak.md'), text);
  const points = readings.map(({ calls: x, heapBytes: y }) => ({ x, y }));
  writeFileSync(page('soak.svg'), plot(points, verdict.heap));
}
// A machine with other work has the server refuse some; many failures would be a soak of something else.
const isOtherwiseWell = failed - failedBefore <= calls * MOST_FAILED_SHARE;
process.exitCode = verdict.problems.length === 0 && isOtherwiseWell ? 0 : 1;
