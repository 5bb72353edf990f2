import { appendFileSync } from 'node:fs';

const TIMEOUT_MS = 30_000;
/** Of a body: enough to see what is wrong, and the file stays small enough to read. */
const LOGGED_CHARS = 4000;

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters of the address. */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly method?: 'GET' | 'POST' | 'DELETE';
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
}

/** Asks a back end by HTTP, and writes what was asked and answered to a file, so that a failure can be understood afterwards. */
export class Asker {
  readonly #logFile: string;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(base: string, logFile: string, headers: Readonly<Record<string, string>> = {}) {
    this.#base = base;
    this.#logFile = logFile;
    this.#headers = headers;
  }

  /** The same back end, asked with other headers. */
  with(headers: Readonly<Record<string, string>>): Asker {
    return new Asker(this.#base, this.#logFile, headers);
  }

  /** The answer, whatever its status. Rejects when there is none. */
  async ask(path: string, { headers = {}, query, form, json, method }: Question = {}): Promise<Answer> {
    const url = `${this.#base}${path}${query === undefined ? '' : `?${new URLSearchParams(query).toString()}`}`;
    const body = form === undefined ? (json === undefined ? undefined : JSON.stringify(json)) : new URLSearchParams(form).toString();
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const verb = method ?? (body === undefined ? 'GET' : 'POST');
    const startedMs = performance.now();
    try {
      const response = await fetch(url, {
        method: verb,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }), ...this.#headers, ...headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      this.#log(verb, url, body, startedMs, `${response.status} ${text}`);
      return { status: response.status, text, contentType: response.headers.get('content-type') ?? '' };
    } catch (error) {
      const { message, cause } = error as { readonly message: string; readonly cause?: { readonly message?: string } };
      const why = cause?.message ?? message;
      this.#log(verb, url, body, startedMs, `no answer: ${why}`);
      throw new Error(`${verb} ${url} got no answer: ${why}`, { cause: error });
    }
  }

  /** The JSON of a successful answer. Rejects with the status and the beginning of the answer otherwise. */
  async json<T>(path: string, question: Question = {}): Promise<T> {
    const answer = await this.ask(path, question);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${path} was answered ${answer.status}: ${answer.text.slice(0, 300).trim()}`);
    }
    try {
      return JSON.parse(answer.text) as T;
    } catch {
      throw new Error(`${path} was answered with what is not JSON (${answer.contentType}): ${answer.text.slice(0, 300)}`);
    }
  }

  #log(verb: string, url: string, body: string | undefined, startedMs: number, outcome: string): void {
    const sent = body === undefined ? '' : `\n  sent: ${body.slice(0, LOGGED_CHARS)}`;
    const tookMs = Math.round(performance.now() - startedMs);
    const line = `${new Date().toISOString()} ${verb} ${url}${sent}\n  ${tookMs} ms: ${outcome.slice(0, LOGGED_CHARS)}\n`;
    appendFileSync(this.#logFile, line);
  }
}
