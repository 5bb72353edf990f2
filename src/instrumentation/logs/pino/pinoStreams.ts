import module from 'node:module';
import { symbolNamed } from './pinoInternals.js';
import type { PinoInstance } from './pinoInternals.js';

const TRANSPORT = 'pino-opentelemetry-transport';

/** What can be told of where a logger writes. */
export interface PinoOutput {
  /** Who already sends the lines to OpenTelemetry. */
  readonly shippedBy?: string;
  /** Lines go to this process's stdout. Not known of what a worker thread of pino does with them. */
  readonly toStdout: boolean;
}

const outputs = new WeakMap<object, PinoOutput>();
const NO_OUTPUT: PinoOutput = { toStdout: false };

/**
 * Looks at the stream of a logger; cheap after the first time.
 *
 * pino keeps neither the name nor the options of a transport. A single target is the name of its thread (Node >= 22.20);
 * of several targets, and in older Node, only this is known: a thread of pino, and that this process has looked up
 * pino-opentelemetry-transport. Those two together count as its use, since doubled records are worse to live with than a
 * notice that explains why there are none of ours.
 */
export function outputOf(instance: PinoInstance): PinoOutput {
  const key = symbolNamed(instance, 'pino.stream');
  const stream = key === undefined ? undefined : instance[key];
  if (typeof stream !== 'object' || stream === null) return NO_OUTPUT;
  const known = outputs.get(stream);
  if (known !== undefined) return known;
  const output = inspect(stream);
  outputs.set(stream, output);
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

/** The stream, and those behind it if it is a multistream. */
function partsOf(stream: object): readonly object[] {
  const streams: unknown = Reflect.get(stream, 'streams');
  if (!Array.isArray(streams)) return [stream];
  const inner = streams.map((entry: unknown) => (isObject(entry) ? (Reflect.get(entry, 'stream') as unknown) : undefined)).filter(isObject);
  return [stream, ...inner.flatMap(partsOf)];
}

function shipperOf(stream: object): string | undefined {
  // That instrumentation puts a stream of its own beside the logger's.
  if (stream.constructor.name === 'OTelPinoStream') return '@opentelemetry/instrumentation-pino';
  if (!isThreadStream(stream)) return undefined;
  const worker: unknown = Reflect.get(stream, 'worker');
  const name: unknown = isObject(worker) ? Reflect.get(worker, 'threadName') : undefined;
  if (typeof name === 'string' && name.includes(TRANSPORT)) return TRANSPORT;
  return (typeof name !== 'string' || name === 'pino.transport') && wasLookedUp() ? TRANSPORT : undefined;
}

function isThreadStream(stream: object): boolean {
  return stream.constructor.name === 'ThreadStream' && 'worker' in stream;
}

/** By Node's private memory of resolved names; without it (should a Node drop it) the answer is no. */
function wasLookedUp(): boolean {
  const cache: unknown = Reflect.get(module, '_pathCache');
  return isObject(cache) && Object.keys(cache).some((request) => request.startsWith(`${TRANSPORT}\0`));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
