import { expect, it } from 'vitest';
import { ProtobufWriter } from '../../../../../../src/instrumentation/pipeline/otlp/encode/protobufWriter.js';

const BUFFER_BYTES = 64;

/** What is behind `before` bytes of text: a nested message that holds `values`. */
function nested(values: readonly number[], before: number, bufferBytes: number): Buffer {
  const writer = new ProtobufWriter(bufferBytes);
  writer.raw(new Uint8Array(before));
  writer.packedFixed64(6, values);
  return Buffer.from(writer.finish()).subarray(before);
}

// The length in front of a nested message was written with room made for the longest length: at the end of the buffer that moved
// what stood before it and lost the message itself.
it.each([[[]], [[8_589_934_597]], [[1, 2, 3]], [Array.from({ length: 20 }, (_, index) => index)]])(
  'a nested message is whole wherever the buffer ends: %j',
  (values) => {
    const expected = nested(values, 0, 4096);
    for (let before = 0; before <= BUFFER_BYTES; before += 1) expect(nested(values, before, BUFFER_BYTES)).toEqual(expected);
  },
);
