import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/**
 * Reports the first line on `input` that is longer than `maxBytes`, with the bytes received of it. Call it before anything
 * else listens for data, so that no other listener gets more of such a line. Returns a function that stops watching.
 */
export function onLongLine(input: Readable, maxBytes: number, tell: (receivedBytes: number) => void): () => void {
  let lineBytes = 0;
  const unwatch = (): void => void input.removeListener('data', watch);
  const watch = (chunk: Buffer): void => {
    const first = chunk.indexOf(NEWLINE);
    const longest = lineBytes + (first === -1 ? chunk.length : first);
    // Lines that begin and end within one chunk are at most as long as the chunk, which every limit allows.
    if (longest > maxBytes) {
      unwatch();
      input.pause();
      tell(longest);
    } else {
      lineBytes = first === -1 ? longest : chunk.length - 1 - chunk.lastIndexOf(NEWLINE);
    }
  };
  input.on('data', watch);
  return unwatch;
}
