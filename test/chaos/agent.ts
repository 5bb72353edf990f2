import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Fleet } from './fleet.js';
import type { Ledger, SessionAccount } from './ledger.js';
import type { SeededRandom } from './random.js';

const CALL_TIMEOUT_MS = 15_000;
/** Sessions one agent works on at a time; it leaves older ones to their fate. */
const OPEN_SESSIONS = 6;

type Outcome =
  | { readonly kind: 'done'; readonly body: Record<string, unknown> }
  | { readonly kind: 'refused'; readonly error: string }
  /** The call may or may not have taken effect. */
  | { readonly kind: 'unknown' };

/** Refusals that say for certain that nothing was changed. */
const CERTAIN = new Set(['Session not found', 'Session is not active', 'Session already exists', 'Invalid input']);

/** A client that registers sessions, writes to them, hands them over and accepts them, through whichever replica answers. */
export class Agent {
  readonly #name: string;
  readonly #fleet: Fleet;
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  #client: Client | undefined;
  #open: SessionAccount[] = [];
  #made = 0;

  constructor(name: string, fleet: Fleet, ledger: Ledger, random: SeededRandom) {
    this.#name = name;
    this.#fleet = fleet;
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Works until `stopped`, then closes its connection. */
  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.#act();
      await wait(this.#random.between(0, 30));
    }
    await this.#client?.close().catch(() => undefined);
  }

  async #act(): Promise<void> {
    const dice = this.#random.next();
    if (this.#open.length === 0 || dice < 0.1) return this.#register();
    const account = this.#random.pick(this.#open);
    if (dice < 0.93) return this.#append(account);
    return this.#handOff(account);
  }

  async #register(): Promise<void> {
    this.#made += 1;
    const account = this.#ledger.open(`${this.#name}-${this.#made}`);
    this.#open = [...this.#open.slice(1 - OPEN_SESSIONS), account];
    // A client that has no answer asks again, and is told that the session exists.
    for (let tries = 0; tries < 3 && !account.registered; tries += 1) {
      const outcome = await this.#call('register_session', { sessionKey: account.key, agentFrom: this.#name });
      account.registered = outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.error === 'Session already exists');
    }
  }

  async #append(account: SessionAccount): Promise<void> {
    const content = `${account.key} says ${account.entries.length}: ${'x'.repeat(this.#random.between(0, 2000))}`;
    const outcome = await this.#call('update_context', { sessionKey: account.key, contextType: 'message', content, agent: this.#name });
    if (outcome.kind === 'unknown') account.entries.push({ content });
    else if (outcome.kind === 'done') {
      const { sequenceNumber } = outcome.body['contextEntry'] as { readonly sequenceNumber: number };
      account.entries.push({ content, sequenceNumber });
    } else this.#forget(account);
  }

  async #handOff(account: SessionAccount): Promise<void> {
    const requestType = this.#random.pick(['context_transfer', 'full_handoff', 'full_handoff']);
    const outcome = await this.#call('request_handoff', { sessionKey: account.key, targetAgent: `${this.#name}-peer`, requestType });
    if (outcome.kind === 'refused') return this.#forget(account);
    if (outcome.kind === 'unknown') {
      account.uncertainHandoffs += 1;
      return;
    }
    account.handoffs += 1;
    const { handoffId } = outcome.body['handoff'] as { readonly handoffId?: string };
    if (requestType !== 'full_handoff' || handoffId === undefined) return;
    if (this.#random.next() < 0.5) this.#forget(account);
    else await this.#call('accept_handoff', { handoffId, agent: `${this.#name}-peer` });
  }

  #forget(account: SessionAccount): void {
    this.#open = this.#open.filter((open) => open !== account);
  }

  async #call(name: string, args: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const { counts } = this.#ledger;
    try {
      this.#client ??= await this.#connect();
      const result = await this.#client.callTool({ name, arguments: { ...args } }, { timeout: CALL_TIMEOUT_MS });
      const [first] = result.content as readonly { readonly text?: string }[];
      const body = JSON.parse(first?.text ?? '{}') as Record<string, unknown>;
      if (result.isError !== true) {
        counts.acknowledged += 1;
        return { kind: 'done', body };
      }
      const error = String(body['error']);
      if (CERTAIN.has(error)) {
        counts.refused += 1;
        return { kind: 'refused', error };
      }
    } catch {
      // A client that lost its replica looks for another one.
      await this.#client?.close().catch(() => undefined);
      this.#client = undefined;
      await wait(100);
    }
    counts.uncertain += 1;
    return { kind: 'unknown' };
  }

  async #connect(): Promise<Client> {
    const { urls } = this.#fleet;
    if (urls.length === 0) throw new Error('no replica is up');
    const client = new Client({ name: this.#name, version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(this.#random.pick(urls))), { timeout: CALL_TIMEOUT_MS });
    return client;
  }
}
