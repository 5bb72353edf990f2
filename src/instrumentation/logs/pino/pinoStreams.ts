import module from 'node:module';
import { isRecord } from '../../../values/guards.js';
import { symbolNamed } from './pinoInternals.js';
import type { PinoInstance } from './pinoInternals.js';

const TRANSPORT = 'pino-opentelemetry-transport';

/** What is known about where a logger writes. */
export interface PinoOutput {
  /** What already sends the lines to OpenTelemetry. */
  readonly shippedBy?: string;
  /** Whether lines go to this process's stdout. Unknown for what a worker thread of pino does with them. */
  readonly toStdout: boolean;
}

/** What is known about a stream; a multistream may get and lose streams later. */
interface Known {
  readonly output: PinoOutput;
  readonly count: number;
  readonly lastId: unknown;
}

const outputs = new WeakMap<object, Known>();
const NO_OUTPUT: PinoOutput = { toStdout: false };

/**
 * Inspects the stream of a logger; cheap after the first time.
 *
 * pino keeps neither the name nor the options of a transport. A single target is the name of its thread (Node >= 22.20); for
 * several targets, and on older versions of Node, only this is known: that it is a thread of pino, and that this process has looked
 * up pino-opentelemetry-transport. Those two together count as its use, since duplicate records are worse than a notice that
 * explains why there are none of ours.
 */
export function outputOf(instance: PinoInstance): PinoOutput {
  const key = symbolNamed(instance, 'pino.stream');
  const stream = key === undefined ? undefined : instance[key];
  if (typeof stream !== 'object' || stream === null) return NO_OUTPUT;
  const streams: unknown = Reflect.get(stream, 'streams');
  const [count, lastId] = Array.isArray(streams) ? [streams.length, Reflect.get(stream, 'lastId') as unknown] : [0, undefined];
  const known = outputs.get(stream);
  if (known?.count === count && known.lastId === lastId) return known.output;
  const output = inspect(stream);
  outputs.set(stream, { output, count, lastId });
  return output;
}

function inspect(stream: object): PinoOutput {
  const parts = partsOf(stream);
  const shippedBy = parts.map(shipperOf).find((name) => name !== undefined);
  return {
    ...(shippedBy === undefined ? {} : { shippedBy }),
    toStdout: parts.some((part) => Reflect.get(part, 'fd') === 1 && !isThreadStream(part)),
  };
}

/** Returns the stream, and those behind it if it is a multistream. */
function partsOf(stream: object): readonly object[] {
  const streams: unknown = Reflect.get(stream, 'streams');
  if (!Array.isArray(streams)) return [stream];
  const inner = streams.map((entry: unknown) => (isRecord(entry) ? entry['stream'] : undefined)).filter(isRecord);
  return [stream, ...inner.flatMap(partsOf)];
}

function shipperOf(stream: object): string | undefined {
  // That instrumentation adds a stream of its own beside the logger's.
  if (stream.constructor.name === 'OTelPinoStream') return '@opentelemetry/instrumentation-pino';
  if (!isThreadStream(stream)) return undefined;
  const worker: unknown = Reflect.get(stream, 'worker');
  const name: unknown = isRecord(worker) ? Reflect.get(worker, 'threadName') : undefined;
  if (typeof name === 'string' && name.includes(TRANSPORT)) return TRANSPORT;
  return (typeof name !== 'string' || name === 'pino.transport') && wasLookedUp() ? TRANSPORT : undefined;
}

function isThreadStream(stream: object): boolean {
  return stream.constructor.name === 'ThreadStream' && 'worker' in stream;
}

/** Uses Node's private cache of resolved names; without it (should a Node drop it) the answer is no. */
function wasLookedUp(): boolean {
  const cache: unknown = Reflect.get(module, '_pathCache');
  return isRecord(cache) && Object.keys(cache).some((request) => request.startsWith(`${TRANSPORT}\0`));
}
