/**
 * A class that is recognised by the first property its instances get. Bundlers move classes into other files and minifiers rename
 * them; property names stay. Plain data: it may have to travel to the loader's thread.
 */
export interface FieldMark {
  /** The property that every new instance gets. Letters, digits and `_`. */
  readonly field: string;
  /** Its initial value: `new Map()` or `{}`. */
  readonly value: 'map' | 'object';
  /** Another property of the same class. A text that has only the field merely mentions it. */
  readonly beside: string;
}

/**
 * A class whose instances are being created, seen through the first of them. That instance is being built: look at nothing but its
 * prototypes.
 */
export interface MarkedClass {
  readonly prototype: object;
  /** The file it is created in; `undefined` if that is not available. */
  readonly file: { readonly path: string; readonly format: 'esm' | 'cjs' } | undefined;
}

/** Notified once of each class, from within the constructor. Its exceptions are swallowed. */
export type ClassListener = (seen: MarkedClass) => void;

/** Bytes or characters. Smaller files cannot contain the class, minified or not, and are skipped. */
const SMALLEST = 4096;

/** Whether `source` may have one of the marks. Bytes are searched directly: decoding a large file takes longer than this. */
export function mayHaveMarks(source: string | Uint8Array, marks: readonly FieldMark[]): boolean {
  if (source.length < SMALLEST) return false;
  const text = typeof source === 'string' ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return marks.some(({ field }) => text.includes(field, 0));
}
