import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { CallRecord } from '../evidence.js';

/** Longer than any time limit of the server, so that it is the server that gives up. */
const CALL_TIMEOUT_MS = 45_000;
const PAUSE_MS = 60;
const AFTER_LOSS_MS = 100;
/** One call in so many reads. */
const READS = 5;
const FILLER = 'handed over with all that is known, '.repeat(20);

type Arguments = Readonly<Record<string, unknown>>;
type Ending = Pick<CallRecord, 'outcome' | 'reason'>;

/** A client of one server that calls steadily, writes what nobody else writes, and notes how each call ended. */
export class FaultAgent {
  readonly calls: CallRecord[] = [];
  readonly #name: string;
  readonly #url: () => string;
  readonly #now: () => number;
  #client: Client | undefined;

  /** @param url the server's, which may change when it is started again */
  constructor(name: string, url: () => string, now: () => number) {
    this.#name = name;
    this.#url = url;
    this.#now = now;
  }

  /** Registers its session, works until `stopped`, and closes its connection. */
  async run(stopped: AbortSignal): Promise<void> {
    const sessionKey = `session-of-${this.#name}`;
    while (!stopped.aborted && (await this.#end('register_session', { sessionKey, agentFrom: this.#name })).outcome !== 'ok')
      await wait(AFTER_LOSS_MS);
    for (let turn = 1; !stopped.aborted; turn += 1) {
      if (turn % READS === 0) await this.#note('get_context', { sessionKey, limit: 5 });
      else await this.#note('update_context', { sessionKey, contextType: 'message', content: `${this.#name} ${turn}: ${FILLER}` });
      await wait(PAUSE_MS);
    }
    await this.#leave();
  }

  async #note(tool: string, args: Arguments): Promise<void> {
    const startMs = this.#now();
    const ending = await this.#end(tool, args);
    const { sessionKey, content } = args as { readonly sessionKey: string; readonly content?: string };
    const write = content === undefined ? {} : { write: { sessionKey, content } };
    this.calls.push({ agent: this.#name, startMs, endMs: this.#now(), ...ending, ...write });
  }

  async #end(tool: string, args: Arguments): Promise<Ending> {
    try {
      const client = (this.#client ??= await this.#connect());
      const result = await client.callTool({ name: tool, arguments: { ...args } }, { timeout: CALL_TIMEOUT_MS });
      if (result.isError !== true) return { outcome: 'ok' };
      const [first] = result.content as readonly { readonly text?: string }[];
      const { code, error } = JSON.parse(first?.text ?? '{}') as { readonly code?: string; readonly error?: string };
      return { outcome: 'refused', reason: code ?? error ?? 'refused' };
    } catch (error) {
      await this.#leave();
      await wait(AFTER_LOSS_MS);
      return { outcome: 'lost', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({ name: this.#name, version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(this.#url())), { timeout: CALL_TIMEOUT_MS });
    return client;
  }

  async #leave(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => undefined);
  }
}
