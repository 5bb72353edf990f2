import { connect } from 'node:net';
import { errorCode } from '../../../../errors/classify.js';

export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Opens a connection and closes it. Resolves with a word for why it failed, and with `undefined` when it did not. */
export function tryConnect(address: Address, limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (failed: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failed);
    };
    const timer = setTimeout(() => end('no answer'), limitMs);
    socket.once('connect', () => end(undefined));
    socket.once('error', (error) => end(codeOf(error)));
  });
}

/** A name with several addresses fails with an error for each of them. */
function codeOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  return errorCode(error) ?? errorCode(first) ?? 'unknown';
}

export function addressText(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
