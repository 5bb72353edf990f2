const PREFIX_BYTES = 5;

/** gRPC's envelope: one byte that says whether the message is compressed, and four with its length. */
export function frame(message: Uint8Array, isCompressed: boolean): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt8(isCompressed ? 1 : 0, 0);
  prefix.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([prefix, message]);
}

/** Returns the message of an answer, empty when there is none that can be read. We ask for uncompressed answers. */
export function unframe(bytes: Buffer): Uint8Array {
  if (bytes.length < PREFIX_BYTES || bytes.readUInt8(0) !== 0) return new Uint8Array();
  return bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + bytes.readUInt32BE(1));
}
