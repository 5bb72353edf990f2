import { versionOf } from '../cells/cell.js';
import { registry } from '../registry/load.js';
import { REGISTERED } from '../traffic/facade.js';
import { ABSENT, FREE, be } from './expectation.js';
import type { Expectation } from './expectation.js';
import { boundedCode, stringOf } from './operation.js';
import type { Operation } from './operation.js';

const OTHER = '_OTHER';
const MAX_NAME = 128;

/** Registered under custom values: they are in the protocol, not in the registry, which is open. */
const CUSTOM_METHODS: ReadonlySet<string> = new Set([
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/cancel',
  'notifications/tasks/status',
  'notifications/elicitation/complete',
]);
const KNOWN: ReadonlySet<string> = new Set([...registry.methods.map(({ value }) => value), ...CUSTOM_METHODS]);

export type Signal = 'span' | 'metric';

/** What an attribute must be on one operation; the second argument tells where it would be. */
export type Rule = (operation: Operation, signal: Signal) => Expectation;

export function methodName({ exchange }: Operation): string {
  return KNOWN.has(exchange.method) ? exchange.method : OTHER;
}

/** Tool or prompt of a call, with whether it is one of the server's own. */
function targetOf({
  exchange,
}: Operation): { readonly attribute: string; readonly name: string; readonly registered: boolean } | undefined {
  const name = stringOf(exchange.params, 'name');
  if (name === undefined) return undefined;
  if (exchange.method === 'tools/call') return { attribute: 'gen_ai.tool.name', name, registered: REGISTERED.tools.has(name) };
  if (exchange.method === 'prompts/get') return { attribute: 'gen_ai.prompt.name', name, registered: REGISTERED.prompts.has(name) };
  return undefined;
}

function nameRule(attribute: string): Rule {
  return (operation, signal) => {
    const target = targetOf(operation);
    if (target?.attribute !== attribute) return ABSENT;
    if (signal === 'span') return be(target.name.slice(0, MAX_NAME));
    return be(target.registered ? target.name : OTHER);
  };
}

/** When a conditional level holds, by the kind of its condition. */
export const CONDITIONS: Readonly<Record<string, Rule>> = {
  about_tool: nameRule('gen_ai.tool.name'),
  about_prompt: nameRule('gen_ai.prompt.name'),
  tool_call_only: ({ exchange }) =>
    exchange.method === 'tools/call' ? be(registry.attributes['gen_ai.operation.name']?.only ?? '') : ABSENT,
  operation_failed: ({ errorTypes }) => (errorTypes.length === 0 ? ABSENT : { must: 'be one of', values: errorTypes }),
  error_code_in_response: ({ code }, signal) => (code === undefined ? ABSENT : be(signal === 'span' ? String(code) : boundedCode(code))),
  is_request: ({ exchange }) => (exchange.id === undefined ? ABSENT : be(String(exchange.id))),
  resource_uri_parameter: ({ exchange }) => {
    const uri = registry.resourceUriMethods.includes(exchange.method) ? stringOf(exchange.params, 'uri') : undefined;
    return uri === undefined ? ABSENT : be(uri);
  },
  in_session: ({ recording }) => {
    const { sessionId, cell } = recording;
    return sessionId === undefined || versionOf(cell.sdk) >= registry.sessionIdForbiddenFrom ? ABSENT : be(sessionId);
  },
  jsonrpc_not_2_0: () => ABSENT,
  with_client_address: () => FREE,
  // Judged per attribute below: what is applicable depends on the transport.
  applicable: () => FREE,
  with_server_address: () => FREE,
};

function fromTable(key: string, free: boolean): Rule {
  return ({ recording }) => {
    const told = recording.network?.[key];
    if (told !== undefined) return be(told);
    const { table } = recording.cell;
    const [first, ...others] = table === undefined ? [] : (registry.transports[table]?.[key] ?? []);
    if (first === undefined) return ABSENT;
    if (free) return { must: 'be one of or absent', values: [first, ...others] };
    return be(first);
  };
}

/** The addressed server is known to a client with a URL only. */
function addressed(pick: (address: { host: string; port: number }) => string | number): Rule {
  return ({ recording, side, role }) =>
    recording.address !== undefined && side === 'client' && role === 'mcp.client' ? be(pick(recording.address)) : ABSENT;
}

/** Attributes whose value no condition tells. */
export const VALUES: Readonly<Record<string, Rule>> = {
  'mcp.method.name': (operation) => be(methodName(operation)),
  'mcp.protocol.version': ({ recording }) => be(versionOf(recording.cell.sdk)),
  'network.transport': fromTable('network.transport', false),
  'network.protocol.name': fromTable('network.protocol.name', false),
  // No SDK tells which HTTP it speaks.
  'network.protocol.version': fromTable('network.protocol.version', true),
  'server.address': addressed(({ host }) => host),
  'server.port': addressed(({ port }) => port),
  'client.address': () => FREE,
};

/** Opt-in attributes: off unless the run asked for content, and on spans only. */
export const OPT_IN: Readonly<Record<string, Rule>> = {
  'gen_ai.tool.call.arguments': ({ exchange, recording }, signal) => {
    const given = exchange.method === 'tools/call' ? exchange.params['arguments'] : undefined;
    return recording.optedIn && signal === 'span' && given !== undefined ? be(JSON.stringify(given)) : ABSENT;
  },
  'gen_ai.tool.call.result': ({ exchange, recording }, signal) => {
    const answered = exchange.method === 'tools/call' && exchange.result !== undefined;
    return recording.optedIn && signal === 'span' && answered ? { must: 'be some text' } : ABSENT;
  },
};

/** `gen_ai.prompt.variable` is a template: every argument of a prompt is an attribute of its own. */
export function promptVariables({ exchange, recording }: Operation): [string, Expectation][] {
  const given = exchange.method === 'prompts/get' ? exchange.params['arguments'] : undefined;
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).map(([name, value]) => [`gen_ai.prompt.variable.${name}`, recording.optedIn ? be(String(value)) : ABSENT]);
}

/** Method and target, of received messages only one that is registered; a resource's URI only by opt-in. */
export function spanName(operation: Operation): string {
  const target = targetOf(operation);
  const uri =
    operation.recording.optedIn && registry.resourceUriMethods.includes(operation.exchange.method)
      ? stringOf(operation.exchange.params, 'uri')
      : undefined;
  const named = target !== undefined && (target.registered || operation.role === 'mcp.client') ? target.name : uri;
  return named === undefined ? methodName(operation) : `${methodName(operation)} ${named}`;
}
