import { legacyOnly, pushOnly, rejected, seen, until } from './case.js';
import type { Case } from './case.js';

const MESSAGES = [{ role: 'user', content: { type: 'text', text: 'a' } }];
const asked = (method: string, params: Record<string, unknown> = {}): Case => ({
  label: `${method} from server`,
  method,
  sender: 'server',
  absent: pushOnly,
  run: ({ open }) => open.server?.request(method, params) ?? Promise.resolve(),
});

/** What a server that stays connected asks of its client. */
export const serverCases: readonly Case[] = [
  asked('ping'),
  asked('roots/list'),
  asked('sampling/createMessage', { messages: MESSAGES, maxTokens: 9 }),
  asked('elicitation/create', {
    mode: 'form',
    message: 'Sure?',
    requestedSchema: { type: 'object', properties: { sure: { type: 'boolean' } } },
  }),
  {
    ...asked('made/up'),
    label: 'unknown method from server',
    run: ({ open }) => rejected(open.server?.request('made/up', {}) ?? Promise.resolve()),
    shows: (exchange) => exchange.error?.code === -32601,
  },
  {
    ...asked('sampling/createMessage'),
    label: 'notifications/cancelled from server',
    method: 'notifications/cancelled',
    run: async ({ open, log }) => {
      const { label } = log;
      const abort = new AbortController();
      // One token asks the client's handler to wait for the cancellation.
      const sampling = rejected(
        open.server?.request('sampling/createMessage', { messages: MESSAGES, maxTokens: 1 }, { signal: abort.signal }) ?? Promise.resolve(),
      );
      await until(() => seen(log, 'sampling/createMessage', label), 'the request');
      abort.abort();
      await sampling;
      await until(() => seen(log, 'notifications/cancelled', label), 'the cancellation');
    },
    local: () => ({ client: ['cancelled'], server: ['cancelled'] }),
  },
];

/** Tasks of 2025-11-25: SDK v1 runs them, SDK v2 has their vocabulary but no runtime. */
function tasksOnly(cell: Parameters<NonNullable<Case['absent']>>[0]): string | undefined {
  const removed = legacyOnly(cell);
  if (removed !== undefined) return `${removed} from the core; SDK v2 has no task extension`;
  if (cell.sdk !== 'v1') return 'SDK v2 has no runtime for tasks';
  return cell.push ? undefined : 'the SDK keeps tasks in the server, and a server made for one request forgets them';
}

const task = (method: string): Case => ({
  label: method,
  method,
  sender: 'client',
  absent: tasksOnly,
  run: async ({ open }) => {
    const taskId = await open.client.callToolAsTask?.('job');
    if (method === 'tasks/result') await open.client.request('tasks/cancel', { taskId });
    await rejected(open.client.request(method, method === 'tasks/list' ? {} : { taskId }));
  },
});

const TASK = { taskId: 't1', status: 'working', ttl: 60_000, createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' };

export const taskCases: readonly Case[] = [
  ...['tasks/get', 'tasks/list', 'tasks/cancel'].map(task),
  // The result of a cancelled task is an error.
  { ...task('tasks/result'), shows: (exchange) => exchange.error !== undefined || exchange.result !== undefined },
  {
    label: 'notifications/tasks/status',
    method: 'notifications/tasks/status',
    sender: 'server',
    absent: tasksOnly,
    run: ({ open }) => open.server?.notify('notifications/tasks/status', TASK) ?? Promise.resolve(),
  },
];
