import type { Attributes, SpanContext } from '@opentelemetry/api';

/** A measurement that represents the others of its bucket. */
export interface Measurement {
  value: number;
  /** As given to the instrument: before any view, and by reference, as the SDK keeps them too. */
  attributes: Attributes;
  /** Absent when it was made outside any span. */
  traceId: string | undefined;
  spanId: string | undefined;
  /** Milliseconds since the epoch. */
  timeMs: number;
}

/** The bounds the SDK gives a histogram without advice. */
const DEFAULT_BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];
const MAX_BUCKETS = 32;
/** Places for series in each bucket, as a power of two. */
const SLOT_BITS = 4;
const NO_ATTRIBUTES: Attributes = Object.freeze({});

/**
 * The latest measurement of each bucket and series of one instrument, as far as they fit.
 *
 * A bucket has 16 places, and a cheap fingerprint of the attributes decides which one a measurement takes. So a busy series does
 * not displace the one failure of a quiet one, nothing is hashed or copied per record, and the size is bounded: 32 buckets of 16
 * places, each created when it is first needed. Two series with the same place share it, and the later measurement wins.
 */
export class Reservoir {
  readonly #bounds: readonly number[];
  readonly #buckets: (Measurement | undefined)[][];

  /** @param bounds upper bounds of the buckets, ascending; empty for a counter. Default, also for `null`: the SDK's */
  constructor(bounds?: readonly number[] | null) {
    this.#bounds = thinned(bounds ?? DEFAULT_BOUNDS);
    this.#buckets = Array.from({ length: this.#bounds.length + 1 }, () => []);
  }

  note(value: number, attributes: Attributes | undefined, span: SpanContext | undefined, timeMs: number): void {
    const facts = attributes ?? NO_ATTRIBUTES;
    const bucket = this.#buckets[this.bucketOf(value)];
    if (bucket === undefined) return;
    const place = placeOf(facts);
    const known = bucket[place];
    if (known === undefined) {
      bucket[place] = { value, attributes: facts, traceId: span?.traceId, spanId: span?.spanId, timeMs };
      return;
    }
    known.value = value;
    known.attributes = facts;
    known.traceId = span?.traceId;
    known.spanId = span?.spanId;
    known.timeMs = timeMs;
  }

  /** Returns the number of the bucket that `value` falls into; upper bounds belong to their bucket. */
  bucketOf(value: number): number {
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? Infinity)) index += 1;
    return index;
  }

  /** Returns what is held, in no particular order. */
  measurements(): Readonly<Measurement>[] {
    return this.#buckets.flatMap((bucket) => bucket.filter((one) => one !== undefined));
  }
}

/** Returns at most `MAX_BUCKETS - 1` of the bounds, evenly chosen: a host may ask for thousands. */
function thinned(bounds: readonly number[]): readonly number[] {
  const step = Math.ceil((bounds.length + 1) / MAX_BUCKETS);
  return bounds.filter((_, index) => (index + 1) % step === 0);
}

/** The places of attributes that are frozen, and so cannot change. */
const places = new WeakMap<Attributes, number>();

function placeOf(attributes: Attributes): number {
  const known = places.get(attributes);
  if (known !== undefined) return known;
  const place = placeOfValues(attributes);
  if (Object.isFrozen(attributes)) places.set(attributes, place);
  return place;
}

/** Differs for most series and costs little: it uses the length and two characters of each value, whatever its key. */
function placeOfValues(attributes: Attributes): number {
  let hash = 0;
  for (const name in attributes) {
    const value = attributes[name];
    // Nothing else is converted to a number here: symbols and objects may throw.
    hash =
      Math.imul(hash, 31) + (typeof value === 'string' ? ofText(value) : typeof value === 'number' ? value | 0 : value === true ? 1 : 0);
  }
  return Math.imul(hash, 0x9e37_79b1) >>> (32 - SLOT_BITS);
}

function ofText(text: string): number {
  const { length } = text;
  return length === 0 ? 0 : length + text.charCodeAt(length - 1) * 37 + text.charCodeAt(length >> 1) * 17;
}
