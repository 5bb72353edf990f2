import type { Client, Command } from './redisTypes.js';

/** Commands that the client itself sends when it connects. Nobody asked for these in the span that happens to be active. */
const HANDSHAKE: ReadonlySet<unknown> = new Set(['auth', 'client', 'hello', 'info', 'readonly', 'select']);

/** The server is too old for RESP3; the client then does without it. */
const KNOWS_NO_RESP3 = /NOPROTO|unknown command/i;

/** Whether the client itself sends this command: to connect, or to get access where a Cluster is moving a slot. */
export function isOwnWork({ status, options }: Client, { name, args }: Command): boolean {
  if (name === 'asking' || isHandshake(status, name)) return true;
  // Old versions name their connection only once it is ready.
  return (
    name === 'client' && isIntroduction(name, args) && Array.isArray(args) && args[1] !== undefined && args[1] === options?.connectionName
  );
}

/** Whether the client ignores the failure: servers before 7.2 do not know `CLIENT SETINFO`, for instance. */
export function isTolerated({ name }: Command, error: unknown): boolean {
  if (name === 'client' || name === 'readonly') return true;
  return name === 'hello' && error instanceof Error && KNOWS_NO_RESP3.test(error.message);
}

/** The same for a command on the channel, which does not say whose it is: what a client tells a server about itself. */
export function isIntroduction(command: unknown, args: unknown): boolean {
  return command === 'client' && Array.isArray(args) && /^set(?:info|name)$/i.test(String(args[0]));
}

function isHandshake(status: unknown, name: unknown): boolean {
  return status === 'connect' && HANDSHAKE.has(name);
}
