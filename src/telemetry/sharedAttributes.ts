import type { Attributes } from '@opentelemetry/api';

const readers = new WeakSet<object>();

/** Notes that an instrument only reads the attributes it is given: they may be shared between measurements, and frozen. */
export function noteReader(instrument: object): void {
  readers.add(instrument);
}

/**
 * Returns what makes the attributes for an instrument of shared ones: nothing, for one that only reads them. To any other SDK an object
 * of its own is given, since a processor of attributes in a host's view may change what it gets.
 */
export function attributesFor(instrument: object): (shared: Attributes) => Attributes {
  return readers.has(instrument) ? (shared) => shared : (shared) => ({ ...shared });
}
