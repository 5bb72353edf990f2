import { cutOff } from './clientSocket.js';

/** Called before a query is sent on a checked-out client; returns a function to call when the answer has arrived. See `answerLimit`. */
export type AwaitAnswer = (client: object) => () => void;

/** Within this time, an answer that arrived while this process was suspended is read and still counts. */
const STALL_GRACE_MS = 1000;

/** The server, or the network path to it, no longer responds. `ETIMEDOUT` is the system's own code for a peer that does not answer. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly code = 'ETIMEDOUT';

  constructor(limitMs: number) {
    super(`no answer from the database within ${limitMs} ms`);
  }
}

/**
 * Makes each query end within `limitMs`, whatever happens to the server: the server's own time limits have no effect when it
 * hangs or the network drops packets. After that time the connection is destroyed, so the query rejects and the client is
 * no longer usable; pg's own `query_timeout` would abandon the query but leave the client in the pool, with the next query
 * waiting behind the first. `undefined` sets no limit.
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
