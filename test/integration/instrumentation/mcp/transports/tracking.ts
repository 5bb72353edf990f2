/**
 * Transports that do with their callbacks what an ordinary one does not. Each wraps one that works, and notes in `ran` the
 * id of each message that code of its own saw come in, so that what runs twice shows.
 */

export interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
}
export type Deliver = ((message: Message, extra?: unknown) => void) | undefined;

/** What all transports have, whichever SDK they belong to. */
export interface Wire {
  onmessage?: Deliver;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  start(): Promise<void>;
  send(message: object, options?: object): Promise<void>;
  close(): Promise<void>;
}

export type Ran = (string | number)[];

export const note = (ran: Ran, message: Message): void => void ran.push((message.id ?? message.method) as string | number);

/** As MCP Inspector's MessageTrackingTransport: the setter wraps what it is given, the getter answers what became of it. */
export class Tracking implements Wire {
  readonly baseTransport: Wire;
  readonly ran: Ran;
  constructor(inner: Wire, ran: Ran) {
    this.baseTransport = inner;
    this.ran = ran;
  }
  get onmessage(): Deliver {
    return this.baseTransport.onmessage;
  }
  set onmessage(given: Deliver) {
    this.baseTransport.onmessage =
      given === undefined
        ? undefined
        : (message, extra) => {
            note(this.ran, message);
            given(message, extra);
          };
  }
  get onclose(): (() => void) | undefined {
    return this.baseTransport.onclose;
  }
  set onclose(given: (() => void) | undefined) {
    this.baseTransport.onclose =
      given === undefined
        ? undefined
        : () => {
            this.ran.push('closed');
            given();
          };
  }
  get onerror(): ((error: Error) => void) | undefined {
    return this.baseTransport.onerror;
  }
  set onerror(given: ((error: Error) => void) | undefined) {
    this.baseTransport.onerror = given;
  }
  start(): Promise<void> {
    return this.baseTransport.start();
  }
  send(message: object, options?: object): Promise<void> {
    return this.baseTransport.send(message, options);
  }
  close(): Promise<void> {
    return this.baseTransport.close();
  }
}
