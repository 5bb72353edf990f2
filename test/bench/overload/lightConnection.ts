import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** What became of one request. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One connection with one request at a time. Node's own client costs several times as much, which at three times what a server can do
 * would be taken from the server: both share the machine.
 */
export class LightConnection {
  readonly #socket: Socket;
  readonly #onIdle: (connection: LightConnection) => void;
  #text = '';
  #waiting: ((answer: Answer | undefined) => void) | undefined;
  #isClosed = false;

  constructor(port: number, onIdle: (connection: LightConnection) => void) {
    this.#onIdle = onIdle;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#receive(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => this.#end(undefined, true));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves with the answer, or `undefined` when the connection ended or was given up before it came. */
  send(request: string): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#socket.write(request, 'latin1');
    });
  }

  giveUp(): void {
    this.#socket.destroy();
    this.#end(undefined, true);
  }

  #receive(chunk: string): void {
    this.#text += chunk;
    const headEnd = this.#text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#text.slice(0, headEnd).toLowerCase();
    const length = /content-length: (\d+)/.exec(head)?.[1];
    const isWhole = length === undefined ? this.#text.endsWith('0\r\n\r\n') : this.#text.length >= headEnd + 4 + Number(length);
    if (!isWhole) return;
    const answer = { status: Number(this.#text.slice(9, 12)), body: this.#text.slice(headEnd + 4) };
    this.#text = '';
    const ends = head.includes('connection: close');
    if (ends) this.#socket.destroy();
    this.#end(answer, ends);
  }

  #end(answer: Answer | undefined, isClosed: boolean): void {
    this.#isClosed ||= isClosed;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
    if (!this.#isClosed) this.#onIdle(this);
  }
}
