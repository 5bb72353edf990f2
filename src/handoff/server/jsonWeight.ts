const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

export interface JsonWeightLimits {
  /** Members of all objects. */
  readonly maxKeys: number;
  /** Objects, arrays, and the commas in them. */
  readonly maxValues: number;
}

/** The shortest members and elements possible in JSON: `"":1` and `1`, each with a comma. */
const MIN_KEY_BYTES = 5;
const MIN_VALUE_BYTES = 1;

/** No JSON text with fewer bytes than this can exceed the limits. */
export function alwaysLightBytes({ maxKeys, maxValues }: JsonWeightLimits): number {
  return Math.min(maxKeys * MIN_KEY_BYTES, maxValues * MIN_VALUE_BYTES);
}

/**
 * Returns whether JSON text has more keys or values than allowed, without parsing it: processing each key of a message
 * takes about ten microseconds in which nobody else is served.
 *
 * Does not check that the text is valid JSON.
 */
export function isTooHeavy(text: Uint8Array, { maxKeys, maxValues }: JsonWeightLimits): boolean {
  let keys = 0;
  let values = 0;
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
      if (values > maxValues) return true;
    }
  }
  return false;
}
