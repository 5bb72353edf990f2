import { items, url } from './kinds.js';
import type { Kind } from './variable.js';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Several nodes and how to sign in to the servers behind them. */
export interface RedisNodes {
  readonly nodes: readonly RedisNode[];
  readonly username?: string;
  readonly password?: string;
  readonly isTls: boolean;
}

export interface RedisSentinels extends RedisNodes {
  /** What the Sentinels call the group of servers. */
  readonly masterName: string;
}

const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6379;
const DEFAULT_MASTER = 'mymaster';
const FORM = /^(?:(rediss?):\/\/)?(?:([^@/]*)@)?([^@/]+)(?:\/([\w.-]{1,100}))?$/;
const NODE = /^(\[[0-9a-fA-F:.]+\]|[\w.-]{1,253})(?::(\d{1,5}))?$/;

const SIGN_IN = 'optionally after redis:// or rediss:// and user:password@, percent-encoded';

const anyRedisUrl = url('redis', 'rediss');

/** ioredis throws at user names and passwords that cannot be decoded, and ends the process at a database that is no number. */
export const redisUrl: Kind<string> = {
  allowed: `${anyRedisUrl.allowed}, with user and password percent-encoded, and with at most the number of a database after the host`,
  secret: true,
  parse: (given, refuse) => {
    const isRedis = anyRedisUrl.parse(given, () => undefined) !== undefined;
    return isRedis && isReadable(new URL(given)) ? given : refuse();
  },
};

/** `host:port,host:port/name`. */
export const redisSentinels: Kind<RedisSentinels> = {
  allowed: `Sentinels as host:port,host:port/name, where name is what they call the master; ${SIGN_IN}`,
  secret: true,
  parse: (given, refuse) => {
    const parts = partsOf(given, SENTINEL_PORT);
    return parts === undefined ? refuse() : { ...parts.nodes, masterName: parts.path ?? DEFAULT_MASTER };
  },
};

/** `host:port,host:port`. */
export const redisCluster: Kind<RedisNodes> = {
  allowed: `nodes of a Redis Cluster as host:port,host:port; ${SIGN_IN}`,
  secret: true,
  parse: (given, refuse) => {
    const parts = partsOf(given, REDIS_PORT);
    return parts === undefined || parts.path !== undefined ? refuse() : parts.nodes;
  },
};

function isReadable({ username, password, pathname, searchParams }: URL): boolean {
  try {
    for (const part of [username, password]) decodeURIComponent(part);
  } catch {
    return false;
  }
  return /^\/?(?:\d{1,9}\/?)?$/.test(pathname) && /^\d{1,9}$/.test(searchParams.get('db') ?? '0');
}

function partsOf(given: string, defaultPort: number): { readonly nodes: RedisNodes; readonly path: string | undefined } | undefined {
  const [matched, scheme, credentials, list = '', path] = FORM.exec(given) ?? [];
  const nodes = items(list).map((item) => nodeOf(item, defaultPort));
  const signIn = signInOf(credentials);
  if (matched === undefined || nodes.length === 0 || nodes.includes(undefined) || signIn === undefined) return undefined;
  return { nodes: { nodes: nodes.filter((node) => node !== undefined), ...signIn, isTls: scheme === 'rediss' }, path };
}

function nodeOf(item: string, defaultPort: number): RedisNode | undefined {
  const [, host, digits] = NODE.exec(item) ?? [];
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[(.+)\]$/, '$1'), port };
}

/** `password` alone counts as such, as in `:password@`; `undefined` when it cannot be decoded. */
function signInOf(credentials: string | undefined): { readonly username?: string; readonly password?: string } | undefined {
  if (credentials === undefined || credentials === '') return {};
  const [first = '', ...rest] = credentials.split(':');
  try {
    if (rest.length === 0) return { password: decodeURIComponent(first) };
    const password = decodeURIComponent(rest.join(':'));
    return first === '' ? { password } : { username: decodeURIComponent(first), password };
  } catch {
    return undefined;
  }
}
