import { VALUE_OTHER } from '../semconv.js';

/** Matches a name, but not a connection string in its place, which may contain a password. */
const NAME = /^[^\s:@/?#&=]{1,63}$/u;
/** Host names, IPv4 and IPv6 addresses (with a zone), and folders of Unix sockets. */
const ADDRESS = /^(?:[A-Za-z0-9_.-]{1,253}|[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.-]{1,16})?|[/@][A-Za-z0-9_./-]{1,106})$/;

/** `db.namespace`: the database's name; `_OTHER` for anything that cannot be one. */
export function safeNamespace(database: unknown): string | undefined {
  if (typeof database !== 'string' || database === '') return undefined;
  return NAME.test(database) ? database : VALUE_OTHER;
}

/** `server.address`; `_OTHER` for anything that cannot be one, for instance a URL with a user and a password in it. */
export function safeAddress(host: unknown): string | undefined {
  if (typeof host !== 'string' || host === '') return undefined;
  return ADDRESS.test(host) ? host : VALUE_OTHER;
}
