import type { Streams } from '../streams.js';

/** Prints a result: for programs as JSON, for people as text. */
export function print(streams: Streams, json: boolean, value: unknown, text: string): void {
  streams.out(json ? `${JSON.stringify(value, undefined, 2)}\n` : `${text}\n`);
}
