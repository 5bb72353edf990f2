import { isModern } from '../cells/cell.js';
import type { Cell } from '../cells/cell.js';
import { modernOnly, rejected, until } from './case.js';
import type { Case, CaseContext, LocalOutcome } from './case.js';

/** Calls the tool that never answers, and goes on once it runs. */
async function hang(
  { open, gate }: CaseContext,
  options: Parameters<CaseContext['open']['client']['callTool']>[2],
  then: () => void,
): Promise<void> {
  const before = gate.started;
  const call = rejected(open.client.callTool('hang', {}, options));
  await until(() => gate.started > before, 'the tool runs');
  then();
  await call;
}

/** A server made for one request never hears of a cancellation that comes in another: its call ends with the connection. */
function ended(cell: Cell, client: string): LocalOutcome {
  const alone = !isModern(cell.sdk) && !cell.push;
  return { client: [client], server: alone ? ['cancelled', 'connection_closed'] : ['cancelled'] };
}

const unanswered = (exchange: { result?: unknown; error?: unknown }): boolean =>
  exchange.result === undefined && exchange.error === undefined;

/** Requests that get no answer. The last one ends the connection. */
export const endingCases: readonly Case[] = [
  {
    label: 'tools/call cancelled by the client',
    method: 'tools/call',
    sender: 'client',
    run: async (context) => {
      const abort = new AbortController();
      await hang(context, { signal: abort.signal }, () => {
        abort.abort();
      });
    },
    shows: unanswered,
    local: (cell) => ended(cell, 'cancelled'),
  },
  {
    label: 'tools/call timed out',
    method: 'tools/call',
    sender: 'client',
    run: (context) => hang(context, { timeoutMs: 500 }, () => undefined),
    shows: unanswered,
    local: (cell) => ended(cell, 'timeout'),
  },
  {
    label: 'tools/call open at close',
    method: 'tools/call',
    sender: 'client',
    run: (context) => hang(context, {}, () => void context.open.client.close()),
    shows: unanswered,
    local: () => ({ client: ['connection_closed'], server: ['connection_closed', 'cancelled'] }),
  },
];

export const modernCases: readonly Case[] = [
  {
    label: 'tools/call input_required',
    method: 'tools/call',
    sender: 'client',
    absent: modernOnly,
    run: ({ open }) => open.client.callTool('ask'),
    shows: (exchange) => exchange.result?.['resultType'] === 'input_required',
  },
  {
    label: 'subscriptions/listen',
    method: 'subscriptions/listen',
    sender: 'client',
    absent: modernOnly,
    run: ({ open }) =>
      open.client.listen?.({
        toolsListChanged: true,
        promptsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: ['note://one'],
      }) ?? Promise.resolve(),
    shows: () => true,
  },
  {
    label: 'subscriptions/listen',
    method: 'notifications/subscriptions/acknowledged',
    sender: 'server',
    absent: modernOnly,
    run: () => Promise.resolve(),
  },
];
