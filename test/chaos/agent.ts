import { setTimeout as wait } from 'node:timers/promises';
import { AgentClient } from './agentClient.js';
import { answerHandoffs, requestHandoff } from './handOver.js';
import type { Fleet } from './fleet.js';
import type { Ledger, SessionAccount } from './ledger.js';
import type { SeededRandom } from './random.js';

/** Sessions one agent works on at a time; it leaves older ones to their fate. */
const OPEN_SESSIONS = 6;

/** A client that registers sessions, writes to them, hands them over and answers handoffs, through whichever replica answers. */
export class Agent {
  readonly #name: string;
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  readonly #client: AgentClient;
  /** What answers as the other side, over a connection of its own, so that it mostly speaks with another replica. */
  readonly #peer: AgentClient;
  #open: SessionAccount[] = [];
  #made = 0;

  constructor(name: string, fleet: Fleet, ledger: Ledger, random: SeededRandom) {
    this.#name = name;
    this.#ledger = ledger;
    this.#random = random;
    this.#client = new AgentClient(name, fleet, ledger, random.fork('client'));
    this.#peer = new AgentClient(`${name}-peer`, fleet, ledger, random.fork('peer'));
  }

  /** Works until `stopped`, then closes its connections. */
  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.#act();
      await wait(this.#random.between(0, 30));
    }
    await Promise.all([this.#client.close(), this.#peer.close()]);
  }

  async #act(): Promise<void> {
    const dice = this.#random.next();
    if (this.#open.length === 0 || dice < 0.1) return this.#register();
    const account = this.#random.pick(this.#open);
    if (dice < 0.88) return this.#append(account);
    return this.#handOver(account);
  }

  async #register(): Promise<void> {
    this.#made += 1;
    const account = this.#ledger.open(`${this.#name}-${this.#made}`);
    this.#open = [...this.#open.slice(1 - OPEN_SESSIONS), account];
    // A client that has no answer asks again, and is told that the session exists.
    for (let tries = 0; tries < 3 && !account.registered; tries += 1) {
      const outcome = await this.#client.call('register_session', { sessionKey: account.key, agentFrom: this.#name });
      account.registered = outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.error === 'Session already exists');
    }
  }

  async #append(account: SessionAccount): Promise<void> {
    const content = `${account.key} says ${account.entries.length}: ${'x'.repeat(this.#random.between(0, 2000))}`;
    const outcome = await this.#client.call('update_context', {
      sessionKey: account.key,
      contextType: 'message',
      content,
      agent: this.#name,
    });
    if (outcome.kind === 'unknown') account.entries.push({ content });
    else if (outcome.kind === 'done') {
      const { sequenceNumber } = outcome.body['contextEntry'] as { readonly sequenceNumber: number };
      account.entries.push({ content, sequenceNumber });
    } else this.#forget(account);
  }

  async #handOver(account: SessionAccount): Promise<void> {
    const by = { ledger: this.#ledger, random: this.#random, name: this.#name, own: this.#client, peer: this.#peer };
    if (await requestHandoff(account, by)) await answerHandoffs(account, by);
    else this.#forget(account);
  }

  #forget(account: SessionAccount): void {
    this.#open = this.#open.filter((open) => open !== account);
  }
}
