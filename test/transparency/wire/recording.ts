import { canonical, canonicalText, withoutInjectedAnywhere } from './canonical.js';
import { describe } from './describe.js';

export type Side = 'client' | 'server';

/** One HTTP request and what was answered, in the order of the requests. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The answer's body as far as it was read. */
  body: string;
}

interface Observation {
  readonly where: string;
  readonly seen: unknown;
}

/** All that a conversation shows of itself: what crossed the wire, what handlers were called with, what callers got. */
export class Recording {
  /** Messages over pipes and in memory, in the order of both directions together. */
  readonly messages: { readonly from: Side; readonly text: string }[] = [];
  readonly exchanges: Exchange[] = [];
  readonly handlers: Observation[] = [];
  readonly outcomes: Observation[] = [];
  readonly errors: Observation[] = [];

  message(from: Side, text: string): void {
    this.messages.push({ from, text });
  }

  /** To be called first thing in a handler. */
  handler(where: string, self: unknown, args: readonly unknown[]): void {
    this.handlers.push({ where, seen: describe({ this: self, arguments: [...args] }) });
  }

  /** What `onerror` of a server, client or transport was told. */
  error(where: string, error: unknown): void {
    this.errors.push({ where, seen: describe(error) });
  }

  /** Does one step; keeps what it resolved or rejected with, and whether it changed what it was given. */
  async step(where: string, work: () => Promise<unknown>, given?: object): Promise<void> {
    const before = JSON.stringify(given);
    const outcome = await work().then(
      (value) => ({ resolved: describe(value) }),
      (error: unknown) => ({ rejected: describe(error) }),
    );
    this.outcomes.push({ where, seen: { ...outcome, changedItsArguments: JSON.stringify(given) !== before } });
  }

  /** Lines that must be equal in every run; `injecting` are the sides that add trace context to what they send. */
  lines(injecting: ReadonlySet<Side>): Record<'messages' | 'exchanges' | 'handlers' | 'outcomes' | 'errors', string[]> {
    const seen = (observations: readonly Observation[]): string[] =>
      observations.map(({ where, seen: value }) => `${where} ${JSON.stringify(canonical(value))}`);
    const called = this.handlers.map(({ where, seen: value }) => ({
      where,
      seen: injecting.size > 0 ? withoutInjectedAnywhere(value) : value,
    }));
    return {
      messages: this.messages.map(({ from, text }) => `${from}> ${canonicalText(text, injecting.has(from))}`),
      exchanges: this.exchanges.flatMap((exchange) => exchangeLines(exchange, injecting)),
      handlers: seen(called),
      outcomes: seen(this.outcomes),
      errors: seen(this.errors),
    };
  }
}

/** Servers send it by the clock, on each stream that is open for 15 s: a conversation on a busy machine has more of them. */
const KEEP_ALIVE = ': keepalive\n\n';

function exchangeLines({ request, status, headers, body }: Exchange, injecting: ReadonlySet<Side>): string[] {
  const frames = body
    .replaceAll(KEEP_ALIVE, '')
    .split('\n')
    .map((line) => {
      const [, data] = /^data: (.*)$/.exec(line) ?? [];
      return data === undefined ? canonicalText(line, injecting.has('server')) : `data: ${canonicalText(data, injecting.has('server'))}`;
    });
  const asked = { ...request, body: canonicalText(request.body, injecting.has('client')) };
  return [
    `client> ${JSON.stringify(canonical(asked))}`,
    `server> ${status} ${JSON.stringify(canonical(headers))}`,
    ...frames.map((frame) => `        ${frame}`),
  ];
}
