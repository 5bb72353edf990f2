interface Cuttable {
  destroy(reason?: Error): unknown;
}

/**
 * Closes a pg client's connection at once, without a word to the server, which may never answer it. What the client waits
 * for rejects with `reason`. Clients without a connection of their own in JavaScript (`pg-native`) are left alone.
 */
export function cutOff(client: object, reason?: Error): void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
  if (isCuttable(stream)) stream.destroy(reason);
}

function isCuttable(stream: unknown): stream is Cuttable {
  return typeof stream === 'object' && stream !== null && 'destroy' in stream && typeof stream.destroy === 'function';
}
