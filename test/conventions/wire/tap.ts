import { PassThrough, Transform } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { LogEntry, Side, WireMessage } from './message.js';

export interface WireLog {
  readonly entries: LogEntry[];
  label: string;
}

/** Writes down a message that travels. A copy: whoever receives the very same object must not change the evidence. */
export function note(log: WireLog, from: Side, message: unknown): void {
  for (const each of Array.isArray(message) ? message : [message]) {
    log.entries.push({ from, message: structuredClone(each) as WireMessage, label: log.label });
  }
}

interface Sender {
  send: (message: never, ...rest: never[]) => Promise<void>;
}

/** Taps one end of an in-memory pair: what its `send` hands over is all the wire there is. Apply before anybody else wraps it. */
export function tapSend<T extends Sender>(transport: T, log: WireLog, from: Side): T {
  const send = transport.send.bind(transport);
  transport.send = async (message, ...rest) => {
    note(log, from, message);
    await send(message, ...rest);
  };
  return transport;
}

/** Splits what passes into lines and notes each as a message. */
function lineTap(log: WireLog, from: Side): Transform {
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') note(log, from, JSON.parse(line));
      done(null, chunk);
    },
  });
}

export interface TappedPipe {
  readonly stdin: Transform;
  readonly stdout: PassThrough;
  readonly break: () => void;
}

/** Taps both directions of a pipe, seen from the server: answers with its stdin and stdout. */
export function tapPipe(socket: Duplex, log: WireLog): TappedPipe {
  const stdin = socket.pipe(lineTap(log, 'client'));
  const stdout = new PassThrough();
  stdout.pipe(lineTap(log, 'server')).pipe(socket);
  return {
    stdin,
    stdout,
    break: () => {
      stdin.destroy(new RangeError('the pipe broke'));
      socket.end('{"jsonrpc":"2.0","is":"no message"}\n');
    },
  };
}
