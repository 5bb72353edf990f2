/** Field of the name in a span. */
export const SPAN_NAME = 5;

let at = 0;

function varint(body: Buffer): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = body[at++] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

/** Visits every field `wanted` of the message from `at` to `end`, all of them length-delimited, and skips the others. */
function each(body: Buffer, end: number, wanted: number, visit: (end: number) => void): void {
  while (at < end) {
    const tag = varint(body);
    const type = tag & 7;
    if (type === 0) varint(body);
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const partEnd = varint(body) + at;
      if (tag >>> 3 === wanted) visit(partEnd);
      at = partEnd;
    }
  }
}

/**
 * Visits every span, log record or metric of an OTLP body in protobuf: they lie at the same depth, resource (1), scope (2), item (2). Reads
 * nothing of them.
 */
function eachItem(body: Buffer, visit: (end: number) => void): void {
  at = 0;
  each(body, body.length, 1, (resourceEnd) => each(body, resourceEnd, 2, (scopeEnd) => each(body, scopeEnd, 2, visit)));
}

/** Number of items of an OTLP body. */
export function countItems(body: Buffer): number {
  let count = 0;
  eachItem(body, () => (count += 1));
  return count;
}

/** Tells `visit` the name of each item of an OTLP body, which is in the field `nameField`. */
export function eachName(body: Buffer, nameField: number, visit: (name: string) => void): void {
  eachItem(body, (itemEnd) => each(body, itemEnd, nameField, (nameEnd) => visit(body.toString('latin1', at, nameEnd))));
}
