const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

export interface JsonWeightLimits {
  /** Members of all objects. */
  readonly maxKeys: number;
  /** Objects, arrays, and the commas in them. */
  readonly maxValues: number;
  /** Objects and arrays within each other. Default: any number. */
  readonly maxDepth?: number;
}

/** The shortest members, elements and levels possible in JSON: `"":1` and `1`, each with a comma, and `[]`. */
const MIN_KEY_BYTES = 5;
const MIN_VALUE_BYTES = 1;
const MIN_LEVEL_BYTES = 2;

/** No JSON text with fewer bytes than this can exceed the limits. */
export function alwaysLightBytes({ maxKeys, maxValues, maxDepth = Infinity }: JsonWeightLimits): number {
  return Math.min(maxKeys * MIN_KEY_BYTES, maxValues * MIN_VALUE_BYTES, maxDepth * MIN_LEVEL_BYTES);
}

/**
 * Returns whether JSON text has more keys, values or levels than allowed, without parsing it: processing each key of a message
 * takes about ten microseconds in which nobody else is served, and code that descends into deep values overflows the stack.
 *
 * Does not check that the text is valid JSON.
 */
export function isTooHeavy(text: Uint8Array, { maxKeys, maxValues, maxDepth = Infinity }: JsonWeightLimits): boolean {
  let keys = 0;
  let values = 0;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at];
    if (isInString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === COLON) {
      keys += 1;
      if (keys > maxKeys) return true;
    } else if (byte === COMMA || byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      values += 1;
      if (byte !== COMMA) depth += 1;
      if (values > maxValues || depth > maxDepth) return true;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      depth -= 1;
    }
  }
  return false;
}
