import type { Exchange } from '../wire/message.js';
import { legacyOnly, modernOnly, rejected } from './case.js';
import type { Case } from './case.js';
import { CODES, URIS } from './facade.js';

const isError = (exchange: Exchange): boolean => exchange.result?.['isError'] === true;
const failed = (exchange: Exchange): boolean => exchange.error !== undefined;
const refused = (exchange: Exchange): boolean => isError(exchange) || failed(exchange);
const ask = (method: string, params?: Record<string, unknown>): Case => ({
  label: method,
  method,
  sender: 'client',
  run: ({ open }) => open.client.request(method, params),
});
const call = (label: string, name: string, args: Record<string, unknown>, shows: (exchange: Exchange) => boolean): Case => ({
  label,
  method: 'tools/call',
  sender: 'client',
  run: ({ open }) => rejected(open.client.callTool(name, args)),
  shows,
});

/** What any client asks of any server. The lists come first: from them a client learns which names are real. */
export const plainCases: readonly Case[] = [
  { ...ask('ping'), absent: legacyOnly },
  ask('tools/list'),
  ask('prompts/list'),
  ask('resources/list'),
  ask('resources/templates/list'),
  call('tools/call ok', 'echo', { text: 'a' }, (exchange) => exchange.result !== undefined && !isError(exchange)),
  call('tools/call isError', 'refuse', {}, isError),
  call('tools/call throws', 'explode', {}, isError),
  // v1 answers with a result that says isError, v2 with -32602.
  call('tools/call unknown tool', 'made_up', {}, refused),
  call('tools/call bad input', 'echo', { text: 1 }, refused),
  ask('prompts/get', { name: 'greet', arguments: { who: 'you' } }),
  {
    ...ask('prompts/get', { name: 'made_up' }),
    label: 'prompts/get unknown prompt',
    run: ({ open }) => rejected(open.client.request('prompts/get', { name: 'made_up' })),
    shows: failed,
  },
  ask('resources/read', { uri: URIS.note }),
  {
    ...ask('resources/read'),
    label: 'resources/read missing',
    run: ({ open }) => rejected(open.client.request('resources/read', { uri: URIS.missing })),
    shows: failed,
  },
  {
    ...ask('resources/read'),
    label: 'resources/read throws',
    run: ({ open }) => rejected(open.client.request('resources/read', { uri: URIS.broken })),
    shows: (exchange) => exchange.error?.code === -32603,
  },
  ...CODES.map(
    (code): Case => ({
      ...ask('resources/read'),
      label: `resources/read fails with ${code}`,
      run: ({ open }) => rejected(open.client.request('resources/read', { uri: `fail://${code}` })),
      shows: failed,
    }),
  ),
  { ...ask('resources/subscribe', { uri: URIS.note }), absent: legacyOnly },
  { ...ask('resources/unsubscribe', { uri: URIS.note }), absent: legacyOnly },
  ask('completion/complete', { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'who', value: '' } }),
  { ...ask('logging/setLevel', { level: 'debug' }), absent: legacyOnly },
  {
    ...ask('made/up'),
    label: 'unknown method',
    run: ({ open }) => rejected(open.client.request('made/up', {})),
    shows: (exchange) => exchange.error?.code === -32601,
  },
  { ...ask('server/discover'), label: 'server/discover again', absent: modernOnly },
];
