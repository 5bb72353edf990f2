import type { AgentClient, Outcome } from './agentClient.js';
import { HandoffAccount, STEPS } from './handoffAccount.js';
import type { Answer } from './handoffAccount.js';
import type { Ledger, SessionAccount } from './ledger.js';
import type { SeededRandom } from './random.js';

/** Who hands over and who answers. */
export interface Sides {
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  /** The agent that hands over; its target is `<name>-peer`. */
  readonly name: string;
  readonly own: AgentClient;
  readonly peer: AgentClient;
}

/** What is answered to a handoff, one after the other; those in one list at once. */
const ANSWERS: readonly (readonly (readonly Answer[])[])[] = [
  [],
  [['accept']],
  [['accept'], ['complete']],
  [['accept'], ['complete'], ['complete']],
  [['accept'], ['accept']],
  [
    ['accept', 'accept'],
    ['complete', 'complete'],
  ],
  [['accept', 'reject'], ['complete']],
  [['reject'], ['reject']],
  [['reject', 'reject']],
  [['complete'], ['accept']],
];

/** Hands a session over. Resolves with false if it takes no more. */
export async function requestHandoff(account: SessionAccount, { ledger, random, name, own }: Sides): Promise<boolean> {
  const requestType = random.pick(['context_transfer', 'collaboration', 'full_handoff', 'full_handoff']);
  const target = `${name}-peer`;
  const outcome = await own.call('request_handoff', { sessionKey: account.key, targetAgent: target, requestType });
  if (outcome.kind === 'refused') return false;
  const id = outcome.kind === 'done' ? (outcome.body['handoff'] as { readonly handoffId?: string }).handoffId : undefined;
  if (outcome.kind === 'done' && id === undefined) ledger.contradictions.push(`${account.key}: a handoff was made without an id`);
  if (id !== undefined) ledger.handoffs.requested += 1;
  account.handoffs.push(new HandoffAccount(requestType, target, id));
  return true;
}

/** Gives the newest handoff of a session answers, of which some are repeated, given at once, given too early, or not the target's. */
export async function answerHandoffs(account: SessionAccount, sides: Sides): Promise<void> {
  const handoff = account.handoffs.at(-1);
  if (handoff?.id === undefined) return;
  const { random } = sides;
  if (random.next() < 0.1) await answerAsAnother(account, handoff.id, sides);
  for (const atOnce of random.pick(ANSWERS)) {
    const [first, second] = atOnce;
    if (first === undefined) continue;
    await Promise.all([
      give(first, account, handoff, sides, sides.peer),
      ...(second === undefined ? [] : [give(second, account, handoff, sides, sides.own)]),
    ]);
  }
}

async function give(answer: Answer, account: SessionAccount, handoff: HandoffAccount, sides: Sides, client: AgentClient): Promise<void> {
  const { ledger } = sides;
  handoff.attempt(answer);
  const outcome = await client.call(`${answer}_handoff`, { sessionKey: account.key, handoffId: handoff.id, agent: handoff.target });
  const wrong = note(answer, handoff, outcome, ledger);
  if (wrong !== undefined) ledger.contradictions.push(`${account.key}: handoff ${handoff.id ?? ''}: ${wrong}`);
}

function note(answer: Answer, handoff: HandoffAccount, outcome: Outcome, { handoffs }: Ledger): string | undefined {
  if (outcome.kind === 'unknown') return undefined;
  if (outcome.kind === 'done') {
    const isRepeated = outcome.body['repeated'] === true;
    handoffs[isRepeated ? 'repeated' : STEPS[answer].to] += 1;
    return handoff.done(answer, isRepeated);
  }
  const { error, body } = outcome;
  const isOfTheHandoff = error.startsWith('Handoff cannot be');
  const wrong = handoff.refused(answer, isOfTheHandoff ? String(body['currentStatus']) : undefined);
  return isOfTheHandoff || error.startsWith('Session') ? wrong : `its target was told: ${error}`;
}

/** Only the target may answer: whoever else does must be refused, and change nothing. */
async function answerAsAnother(account: SessionAccount, handoffId: string, { ledger, name, own }: Sides): Promise<void> {
  const outcome = await own.call('accept_handoff', { sessionKey: account.key, handoffId, agent: name });
  if (outcome.kind === 'done') ledger.contradictions.push(`${account.key}: handoff ${handoffId} was accepted by another than its target`);
  else if (outcome.kind === 'refused' && outcome.error.startsWith('Agent is not')) ledger.handoffs.notForOthers += 1;
}
