import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** How one call ended, as its caller saw it. `lost`: no answer came, so that the server may or may not have counted it. */
export type Outcome = 'ok' | 'tool_error' | 'refused' | 'lost';

/** What the clients did: calls by `tool outcome`. */
export class Ledger {
  readonly calls = new Map<string, number>();

  note(tool: string, outcome: Outcome): void {
    const key = `${tool} ${outcome}`;
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
  }

  /** Calls of a tool that ended in this way. */
  count(tool: string, outcome: Outcome): number {
    return this.calls.get(`${tool} ${outcome}`) ?? 0;
  }
}

/** One MCP client over HTTP that notes each of its calls. It has no telemetry of its own. */
export class Caller {
  readonly #client = new Client({ name: 'caller', version: '1.0.0' });
  readonly #url: string;
  readonly #ledger: Ledger;

  constructor(url: string, ledger: Ledger) {
    this.#url = url;
    this.#ledger = ledger;
  }

  async connect(): Promise<void> {
    await this.#client.connect(new StreamableHTTPClientTransport(new URL(this.#url)));
  }

  async call(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<Outcome> {
    const outcome = await this.#outcomeOf(name, args);
    this.#ledger.note(name, outcome);
    return outcome;
  }

  async #outcomeOf(name: string, args: Readonly<Record<string, unknown>>): Promise<Outcome> {
    try {
      const { isError } = await this.#client.callTool({ name, arguments: { ...args } });
      return isError === true ? 'tool_error' : 'ok';
    } catch (error) {
      return typeof (error as { code?: unknown }).code === 'number' ? 'refused' : 'lost';
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** Does `turn` over and over, with a pause after each, until it is stopped. */
export class Loop implements AsyncDisposable {
  #isStopped = false;
  readonly #done: Promise<void>;

  constructor(turn: (count: number) => Promise<unknown>, pauseMs: number) {
    this.#done = this.#run(turn, pauseMs);
  }

  async #run(turn: (count: number) => Promise<unknown>, pauseMs: number): Promise<void> {
    for (let count = 0; !this.#isStopped; count += 1) {
      await turn(count);
      await wait(pauseMs);
    }
  }

  /** Resolves when the last turn has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }
}
