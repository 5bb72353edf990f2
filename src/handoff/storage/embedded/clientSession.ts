import type { Socket } from 'node:net';
import { errorMessage, fatalMessage, isProtocolThree, requestCode, syncMessage } from './backendMessages.js';
import { type Frame, FrontendFrames } from './frontendFrames.js';
import { StatementNames } from './statementNames.js';
import type { TurnTaker, Turns } from './turns.js';

/** COPY FROM STDIN would make the backend wait for data that cannot reach it, and exit. */
const copyFromClient = /^\s*copy\s[^;]*\sfrom\s+stdin\b/i;
/** How far into a statement it is searched for, in bytes. */
const copySearchBytes = 400;

/**
 * One connection of the owner's server, from the startup message to the end.
 *
 * Opening a session costs the backend nothing: the greeting was recorded when the database opened. After it, messages are
 * collected into units that run as one (see `Turns`). Nothing is read from a client that does not read its replies.
 */
export class ClientSession implements TurnTaker {
  readonly #socket: Socket;
  readonly #turns: Turns;
  readonly #greeting: Buffer;
  readonly #names: StatementNames;
  readonly #frames = new FrontendFrames();
  #gathered: Buffer[] = [];
  #started = false;
  #ended = false;
  /** Sent once the running unit has been answered. */
  #finalError: Buffer | undefined;

  constructor(socket: Socket, turns: Turns, greeting: Buffer, clientNumber: number) {
    this.#socket = socket;
    this.#turns = turns;
    this.#greeting = greeting;
    this.#names = new StatementNames(clientNumber);
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('drain', () => socket.resume());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#leave();
    });
  }

  reply(bytes: Buffer): void {
    if (this.#socket.writable && !this.#socket.write(bytes)) this.#socket.pause();
    if (this.#finalError !== undefined) this.#hangUp(this.#finalError);
  }

  expelled(): void {
    this.end(
      '25P03',
      'The transaction was left idle for too long and was rolled back: on the embedded database it blocks all other clients.',
    );
  }

  /**
   * Ends the connection with an error. A statement answered with this error was not run and never will be:
   * clients repeat it. So queued work is withdrawn immediately, and running work is answered first.
   */
  end(sqlState: string, message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const finalError = fatalMessage(sqlState, message);
    if (this.#turns.withdraw(this)) this.#finalError = finalError;
    else this.#hangUp(finalError);
  }

  #hangUp(finalError: Buffer): void {
    this.#finalError = undefined;
    this.#socket.end(finalError, () => this.#socket.destroy());
  }

  #leave(): void {
    this.#ended = true;
    const close = this.#names.closeAll();
    this.#turns.leave(this, close.length === 0 ? undefined : { bytes: Buffer.concat([close, syncMessage]), complete: true });
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#frames.push(chunk);
      for (let frame = this.#frames.next(); frame !== undefined && !this.#ended; frame = this.#frames.next()) {
        if (this.#started) this.#take(frame);
        else this.#open(frame.bytes);
      }
    } catch {
      this.end('08P01', 'This connection does not speak the PostgreSQL protocol.');
    }
  }

  #open(bytes: Buffer): void {
    const code = bytes.readInt32BE(4);
    if (code === requestCode.ssl || code === requestCode.gssEncryption) {
      this.reply(Buffer.from('N'));
    } else if (code === requestCode.cancel) {
      // Nothing to cancel: while a statement runs, this thread does nothing else.
      this.#socket.destroy();
    } else if (isProtocolThree(code)) {
      this.#started = true;
      this.#frames.sessionStarted();
      this.reply(this.#greeting);
    } else {
      this.end('0A000', 'Only version 3 of the PostgreSQL protocol is supported.');
    }
  }

  #take(frame: Frame): void {
    const { type } = frame;
    if (type === 'X') {
      this.#leave();
      this.#socket.end();
      return;
    }
    if (type === 'Q' && isCopyFromClient(frame)) {
      this.reply(
        errorMessage('0A000', 'COPY FROM STDIN is not supported on the embedded database. Use INSERT, or set DATABASE_URL.', false),
      );
      return;
    }
    this.#gathered.push(this.#names.own(frame));
    const complete = type === 'S' || type === 'Q' || type === 'F';
    if (!complete && type !== 'H') return;
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#turns.add(this, { bytes, complete });
  }
}

function isCopyFromClient({ bytes }: Frame): boolean {
  return copyFromClient.test(bytes.toString('utf8', 5, 5 + copySearchBytes));
}
