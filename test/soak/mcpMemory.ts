import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Ledger } from '../integration/instrumentation/mcp/faults/ledger.js';
import { quiet, rawServers } from '../integration/instrumentation/mcp/faults/rawConnection.js';
import { Traffic } from './traffic.js';

// Many calls of every kind through servers of both SDKs, with all options on, while looking at what stays in memory:
// `node --import ./tools/resolveSource.mjs test/soak/mcpMemory.ts [--calls 1000000] [--warmup 20000] [--bare]`. One line of
// JSON a reading; exit code 1 when memory grew or something stayed open. `--bare` shows what the SDKs themselves keep.

const READINGS = 10;
/** Readings of bare servers differ by as much, however long they run. */
const TOLERANCE_BYTES = 1_500_000;

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    warmup: { type: 'string', default: '20000' },
    bare: { type: 'boolean', default: false },
  },
});
const calls = Number(values.calls);
/** Enough to fill what is bounded: caches, remembered spans, pools. */
const warmUpCalls = Number(values.warmup);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const ledger = new Ledger({ keep: false });
const instrumentation = ledger.instrumentation({
  options: {
    capture: { arguments: true, results: true, promptVariables: true, sizes: true, errorMessages: true },
    conversation: { metaKey: 'conversation', hashKey: 'k' },
    baggageKeys: 'all',
    spans: { progress: true },
  },
});
const traffic = new Traffic(rawServers, (server) => void (values.bare ? server : instrumentation.instrumentServer(server)));

/**
 * SDK v2 asks a tool that wants input again, every 250 ms and eight times, and holds its call for so long: two seconds of
 * calls, which are the more the faster the machine is.
 */
async function callsAskedAgain(): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (process.getActiveResourcesInfo().includes('Timeout') && performance.now() < endMs) await sleep(50);
}

/** Bytes that survive. What was left open on connections nobody has any more is ended as metrics are read. */
async function heapBytes(): Promise<number> {
  await callsAskedAgain();
  for (let round = 0; round < 3; round += 1) {
    await quiet();
    collect();
    await ledger.counted();
  }
  collect();
  return process.memoryUsage().heapUsed;
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await traffic.run(warmUpCalls);
const readings = [await heapBytes()];
let callingMs = 0;
for (let reading = 1; reading <= READINGS; reading += 1) {
  const startMs = performance.now();
  await traffic.run(Math.ceil(calls / READINGS));
  callingMs += performance.now() - startMs;
  const bytes = await heapBytes();
  readings.push(bytes);
  tell({
    calls: traffic.calls,
    heapBytes: bytes,
    callsPerSecond: Math.round((traffic.calls - warmUpCalls) / (callingMs / 1000)),
  });
}
// Dropped connections that were never closed must have been swept, too.
await traffic.close();
await heapBytes();
const grownBytes = Math.min(...readings.slice(-3)) - Math.min(...readings.slice(0, 3));
const open = ledger.open.length;
const counted = await ledger.counted();
tell({ grownBytes, spans: ledger.endedCount, open, counted, answers: traffic.answers });
await ledger.dispose();
process.exitCode = grownBytes > TOLERANCE_BYTES || open > 0 || counted.length > 0 ? 1 : 0;
