import { PassThrough } from 'node:stream';
import type { Recording, Side } from './recording.js';

/** The four ends of two pipes. */
export interface Pipes {
  readonly clientReads: PassThrough;
  readonly clientWrites: PassThrough;
  readonly serverReads: PassThrough;
  readonly serverWrites: PassThrough;
}

/** Stdin and stdout of a server, without the process; every line is recorded as it was written. */
export function pipes(recording: Recording): Pipes {
  const ends = {
    clientReads: new PassThrough(),
    clientWrites: new PassThrough(),
    serverReads: new PassThrough(),
    serverWrites: new PassThrough(),
  };
  const join = (from: Side, source: PassThrough, target: PassThrough): void => {
    let rest = '';
    source.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) recording.message(from, line);
      target.write(chunk);
    });
    source.on('end', () => target.end());
  };
  join('client', ends.clientWrites, ends.serverReads);
  join('server', ends.serverWrites, ends.clientReads);
  return ends;
}
