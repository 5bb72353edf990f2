import type { Readable, Writable } from 'node:stream';

const ANSWER_TIMEOUT_MS = 60_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Listener = (method: string, params: Readonly<Record<string, unknown>>) => void;

/** The DevTools protocol over a pair of pipes: JSON messages, each ended by a zero byte. */
export class DevToolsConnection {
  readonly #to: Writable;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<Listener>();
  readonly #ended: Promise<never>;
  #lastId = 0;
  #rest = '';

  /** `ended` settles when the browser is gone; every call that waits then rejects. */
  constructor(to: Writable, from: Readable, ended: Promise<unknown>) {
    this.#to = to;
    to.on('error', () => undefined); // a browser that is gone is reported by `ended`
    from.on('error', () => undefined);
    from.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#ended = ended.then(() => Promise.reject(new Error('the browser ended')));
    this.#ended.catch(() => undefined);
  }

  /** Calls a method, of a page if there is a session. Rejects with the browser's words if it fails. */
  async send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#lastId;
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    const { result, error } = await this.#withDeadline(answered, method);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Resolves at the next event of a kind. */
  event(method: string): Promise<void> {
    const happened = new Promise<void>((resolve) => {
      const listener: Listener = (name) => {
        if (name !== method) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
    const waited = this.#withDeadline(happened, method);
    // Whoever asked may have failed before it waits.
    waited.catch(() => undefined);
    return waited;
  }

  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  async #withDeadline<T>(promise: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`the browser did not answer ${what} within ${ANSWER_TIMEOUT_MS} ms`)), ANSWER_TIMEOUT_MS);
    });
    return Promise.race([promise, late, this.#ended]).finally(() => clearTimeout(timer));
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) {
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      } else if (message.method !== undefined) {
        for (const listener of this.#listeners) listener(message.method, message.params ?? {});
      }
    }
  }
}
