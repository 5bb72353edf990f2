import { join } from 'node:path';
import { bytesOf, itemsOf, type Capture } from './capture.js';
import type { UnitFigures } from './figures.js';
import { freePort } from '../../setup/freePort.js';
import { generate } from './generator.js';
import { startSink } from './sink.js';
import { startTopology } from './topology.js';

const SPANS_PER_SECOND = 3000;
const DURATION_MS = 4000;
/** Until the last batch has left, or is in the queue. */
const SETTLE_MS = 2000;

/** What one item weighs: as the server sends it, as the collector sends it on, and in the collector's queue on disk. */
export async function measureUnits(capture: Capture, dir: string): Promise<Omit<UnitFigures, 'series' | 'scrapeBytesOf100Tools'>> {
  const per = (signal: 'traces' | 'logs' | 'metrics'): number => bytesOf(capture, signal) / itemsOf(capture, signal);
  return {
    spansPerCall: itemsOf(capture, 'traces') / capture.calls,
    logRecordsPerCall: itemsOf(capture, 'logs') / capture.calls,
    pointsPerExport: itemsOf(capture, 'metrics'),
    wireBytes: { span: per('traces'), logRecord: per('logs'), point: per('metrics') },
    sentBytes: await sentBytes(capture, dir),
    queueBytesPerItem: await queueBytesPerItem(capture, dir),
  };
}

async function sentBytes(capture: Capture, dir: string): Promise<UnitFigures['sentBytes']> {
  await using sink = await startSink();
  await using topology = await startTopology('one tier', join(dir, 'sent'), sink.ports);
  // Once: what repeats compresses better than what does not.
  const { acknowledgedItems } = await send(capture, topology.endpoint, 1);
  const bytes = await sink.bytes();
  const passes = acknowledgedItems / itemsOfPass(capture);
  const per = (signal: 'traces' | 'logs' | 'metrics'): number => bytes[signal] / (itemsOf(capture, signal) * passes);
  return { span: per('traces'), logRecord: per('logs'), point: per('metrics') };
}

/** With all back ends away, everything that was acknowledged is in the queue. */
async function queueBytesPerItem(capture: Capture, dir: string): Promise<number> {
  const nobody = { http: await freePort(), grpc: await freePort() };
  await using topology = await startTopology('one tier', join(dir, 'queue'), nobody);
  const before = topology.queueBytes();
  const { acknowledgedItems } = await send(capture, topology.endpoint);
  return (topology.queueBytes() - before) / acknowledgedItems;
}

async function send(capture: Capture, endpoint: string, durationMs = DURATION_MS): Promise<{ readonly acknowledgedItems: number }> {
  const result = await generate(capture, { endpoint, spansPerSecond: SPANS_PER_SECOND, durationMs });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return result;
}

function itemsOfPass({ requests }: Capture): number {
  return requests.reduce((sum, { items }) => sum + items, 0);
}
