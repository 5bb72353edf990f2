import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/**
 * Tells of the first line on `input` that is longer than `maxBytes`, with the bytes of it that have come. Call it before
 * anything else listens for data, so that nobody is given more of such a line. Returns what ends the watch.
 */
export function onLongLine(input: Readable, maxBytes: number, tell: (receivedBytes: number) => void): () => void {
  let lineBytes = 0;
  const unwatch = (): void => void input.removeListener('data', watch);
  const watch = (chunk: Buffer): void => {
    const first = chunk.indexOf(NEWLINE);
    const longest = lineBytes + (first === -1 ? chunk.length : first);
    // Lines that begin and end within one chunk are as long as a chunk at most, which every limit allows.
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
