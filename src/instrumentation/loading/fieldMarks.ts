/**
 * A class that is known by what its instances are given first. Bundlers move classes into other files and minifiers rename
 * them; names of properties stay. Plain data: it may have to travel to the loader's thread.
 */
export interface FieldMark {
  /** The property that every new instance gets. Letters, digits and `_`. */
  readonly field: string;
  /** What it gets: `new Map()` or `{}`. */
  readonly value: 'map' | 'object';
  /** Another property of the same class. A text that has the field alone only speaks of it. */
  readonly beside: string;
}

/** A class whose instances arise, seen by the first of them. It is being built: look at nothing but its prototypes. */
export interface MarkedClass {
  readonly prototype: object;
  /** The file it arises in, `undefined` if that is not to be had. */
  readonly file: { readonly path: string; readonly format: 'esm' | 'cjs' } | undefined;
}

/** Told once of each class, from within the constructor. An exception stays with us. */
export type ClassListener = (seen: MarkedClass) => void;

/** Bytes or characters. Smaller files cannot contain the class, minified or not, and are not looked into. */
const SMALLEST = 4096;

/** Whether `source` may have one of the marks. Bytes are searched as they are: decoding a large file takes longer than this. */
export function mayHaveMarks(source: string | Uint8Array, marks: readonly FieldMark[]): boolean {
  if (source.length < SMALLEST) return false;
  const text = typeof source === 'string' ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return marks.some(({ field }) => text.includes(field, 0));
}
