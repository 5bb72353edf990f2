import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Fleet } from './fleet.js';
import type { Ledger } from './ledger.js';
import type { SeededRandom } from './random.js';

const CALL_TIMEOUT_MS = 15_000;

export type Outcome =
  | { readonly kind: 'done'; readonly body: Record<string, unknown> }
  | { readonly kind: 'refused'; readonly error: string; readonly body: Record<string, unknown> }
  /** The call may or may not have taken effect. */
  | { readonly kind: 'unknown' };

/** Refusals that say for certain that nothing was changed. */
const CERTAIN =
  /^(?:Session not found|Session is not active|Session already exists|Handoff not found|Agent is not the target of the handoff|Handoff cannot be \w+)$/;

/** A connection to whichever replica answers, which looks for another one when that is gone. */
export class AgentClient {
  readonly #name: string;
  readonly #fleet: Fleet;
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  #client: Client | undefined;

  constructor(name: string, fleet: Fleet, ledger: Ledger, random: SeededRandom) {
    this.#name = name;
    this.#fleet = fleet;
    this.#ledger = ledger;
    this.#random = random;
  }

  async call(name: string, args: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const { counts, contradictions } = this.#ledger;
    let client: Client | undefined;
    try {
      client = this.#client ??= await this.#connect();
      const result = await client.callTool({ name, arguments: { ...args } }, { timeout: CALL_TIMEOUT_MS });
      const [first] = result.content as readonly { readonly text?: string }[];
      const body = JSON.parse(first?.text ?? '{}') as Record<string, unknown>;
      if (result.isError !== true) {
        counts.acknowledged += 1;
        return { kind: 'done', body };
      }
      const error = String(body['error']);
      if (CERTAIN.test(error)) {
        counts.refused += 1;
        return { kind: 'refused', error, body };
      }
      // A call that no server can take tries nothing, and would go unnoticed among those that are refused for good reasons.
      if (error === 'Invalid input') contradictions.push(`${name}: this proof makes a call that is not one: ${first?.text ?? ''}`);
    } catch {
      await this.#leave(client);
      await wait(100);
    }
    counts.uncertain += 1;
    return { kind: 'unknown' };
  }

  async close(): Promise<void> {
    await this.#leave(this.#client);
  }

  async #leave(client: Client | undefined): Promise<void> {
    // Of two calls at once the second must not end the connection that the first has found meanwhile.
    if (client === this.#client) this.#client = undefined;
    await client?.close().catch(() => undefined);
  }

  async #connect(): Promise<Client> {
    const { urls } = this.#fleet;
    if (urls.length === 0) throw new Error('no replica is up');
    const client = new Client({ name: this.#name, version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(this.#random.pick(urls))), { timeout: CALL_TIMEOUT_MS });
    return client;
  }
}
