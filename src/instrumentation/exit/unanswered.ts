import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Progress } from '../pipeline/otlp/progress.js';

const PAUSE_MS = 5;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;

/**
 * Waits, with this thread standing still, until each request has an answer or time is up. Answers those that were
 * refused.
 *
 * Why wait at all: the request is with the operating system, but many receivers drop what they are working on when its
 * sender hangs up. The event loop will not run again, so the answer is read from the connection's descriptor itself.
 * Where Node shows no descriptor (Windows) nobody waits. Over TLS any byte counts as an answer, since it cannot be read.
 */
export function awaitAnswers<T extends { readonly progress: Progress }>(
  waiting: readonly T[],
  timeoutMs: number,
  nowMs: () => number,
): T[] {
  const endMs = nowMs() + timeoutMs;
  const refused: T[] = [];
  let open = waiting.map((item) => ({ item, socket: item.progress.socket, head: Buffer.alloc(0) }));
  for (;;) {
    open = open.filter((entry) => {
      const answer = readAnswer(entry);
      if (answer === 'refused') refused.push(entry.item);
      return answer === 'none yet';
    });
    if (open.length === 0 || nowMs() >= endMs) return refused;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

type Answer = 'none yet' | 'accepted' | 'refused' | 'unknown';

function readAnswer(entry: { readonly socket: Socket | undefined; head: Buffer }): Answer {
  const { socket } = entry;
  const fd = socket === undefined ? -1 : descriptorOf(socket);
  if (socket === undefined || fd < 0) return 'unknown';
  const chunk = Buffer.alloc(512);
  try {
    const size = readSync(fd, chunk);
    // The receiver hung up: it may or may not have taken the request, and twice is worse than maybe not.
    if (size === 0) return 'unknown';
    entry.head = Buffer.concat([entry.head, chunk.subarray(0, size)]);
  } catch (error) {
    return isTryAgain(error) ? 'none yet' : 'unknown';
  }
  if ('encrypted' in socket) return 'unknown';
  const [, status] = STATUS_LINE.exec(entry.head.toString('latin1')) ?? [];
  if (status === undefined) return entry.head.length < 12 ? 'none yet' : 'unknown';
  // Not 4xx: what a receiver does not want it will not want a second time.
  if (status.startsWith('2')) return 'accepted';
  return ['429', '502', '503', '504'].includes(status) ? 'refused' : 'unknown';
}

function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' ? fd : -1;
}

function isTryAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR');
}
