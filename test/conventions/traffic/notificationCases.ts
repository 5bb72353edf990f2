import { isModern } from '../cells/cell.js';
import type { Cell } from '../cells/cell.js';
import { legacyOnly, pushOnly, seen, until } from './case.js';
import type { Case, CaseContext } from './case.js';
import { ANNOUNCEMENTS } from './facade.js';

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

async function announced(context: CaseContext, method: string, params?: Record<string, unknown>): Promise<void> {
  const { cell, open, log } = context;
  const { label } = log;
  if (isModern(cell.sdk)) await publishToSubscriber(context, method);
  else if (cell.push) await open.server?.notify(method, params);
  else await open.client.callTool('announce');
  await until(() => seen(log, method, label), method);
}

async function publishToSubscriber({ open }: CaseContext, method: string): Promise<void> {
  if (method.startsWith('notifications/tools')) await open.publish?.('tools');
  else if (method.startsWith('notifications/prompts')) await open.publish?.('prompts');
  else if (method.endsWith('updated')) await open.publish?.({ uri: 'note://one' });
  else await open.publish?.('resources');
}

const announcements: readonly Case[] = ANNOUNCEMENTS.map((each) => ({
  label: each.method,
  method: each.method,
  sender: 'server',
  run: (context) => announced(context, each.method, 'params' in each ? { ...each.params } : undefined),
}));

const told = (method: string, params?: Record<string, unknown>): Case => ({
  label: method,
  method,
  sender: 'client',
  run: ({ open }) => open.client.notify(method, params),
});

function clientProgress(cell: Cell): string | undefined {
  return isModern(cell.sdk) ? 'in 2026-07-28 a client serves no requests, so it has no progress to report' : undefined;
}

/** One-way messages of both directions. In 2026-07-28 the announcements need the subscription that an earlier case opened. */
export const notificationCases: readonly Case[] = [
  {
    label: 'notifications/progress from server',
    method: 'notifications/progress',
    sender: 'server',
    run: ({ open }) => open.client.callTool('chatty', {}, { onProgress: () => undefined }),
  },
  {
    label: 'notifications/message',
    method: 'notifications/message',
    sender: 'server',
    run: ({ open }) => open.client.request('tools/call', { name: 'chatty', arguments: {}, _meta: { [LOG_LEVEL]: 'debug' } }),
  },
  ...announcements,
  {
    ...told('notifications/progress', { progressToken: 'nobody', progress: 1 }),
    label: 'notifications/progress from client',
    absent: clientProgress,
  },
  { ...told('notifications/roots/list_changed'), absent: legacyOnly },
  { ...told('notifications/made_up'), label: 'unknown notification' },
  {
    label: 'notifications/elicitation/complete',
    method: 'notifications/elicitation/complete',
    sender: 'server',
    absent: pushOnly,
    run: async ({ open, log }) => {
      const { label } = log;
      await open.server?.notify('notifications/elicitation/complete', { elicitationId: 'e1' });
      await until(() => seen(log, 'notifications/elicitation/complete', label), 'the notification');
    },
  },
];
