import { cutOff } from './clientSocket.js';

/** Called before a question is sent to the server on a checked-out client; what it returns, when it is answered. See `answerLimit`. */
export type AwaitAnswer = (client: object) => () => void;

/** An answer that had arrived while this process stood still is read in this time, and counts. */
const STALL_GRACE_MS = 1000;

/** The server, or the way to it, has fallen silent. `ETIMEDOUT`, as the system's own word for a peer that does not answer. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly code = 'ETIMEDOUT';

  constructor(limitMs: number) {
    super(`no answer from the database within ${limitMs} ms`);
  }
}

/**
 * Makes each question end within `limitMs`, whatever has become of the server: time limits that the server enforces end
 * nothing when it hangs or when its network swallows packets. After that time the connection is cut off, so the question
 * rejects and the client is good for nothing more; pg's own `query_timeout` would give up the question but leave the
 * client in the pool, with the next question waiting behind the first. `undefined` sets no limit.
 */
export function answerLimit(limitMs: number | undefined): AwaitAnswer {
  if (limitMs === undefined) return () => doNothing;
  const firstMs = Math.max(0, limitMs - STALL_GRACE_MS);
  return (client) => {
    let timer = setTimeout(() => {
      timer = setTimeout(() => cutOff(client, new NoAnswer(limitMs)), limitMs - firstMs);
    }, firstMs);
    return () => clearTimeout(timer);
  };
}

function doNothing(): void {}
