interface Cuttable {
  destroy(reason?: Error): unknown;
}

/**
 * Closes a pg client's connection immediately, without notifying the server, which may never answer. Pending queries of the
 * client reject with `reason`. Clients without a JavaScript connection (`pg-native`) are left alone.
 */
export function cutOff(client: object, reason?: Error): void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
  if (isCuttable(stream)) stream.destroy(reason);
}

function isCuttable(stream: unknown): stream is Cuttable {
  return typeof stream === 'object' && stream !== null && 'destroy' in stream && typeof stream.destroy === 'function';
}
