import type { handoffVariables } from '../../variables/handoffVariables.js';
import type { Values } from '../../variables/variable.js';
import type { Reports } from './databaseAddress.js';

type Settings = Values<typeof handoffVariables>;

const ADDRESSES = ['REDIS_SENTINELS', 'REDIS_CLUSTER', 'REDIS_URL'] as const;
const FILES = ['REDIS_TLS_CA_FILE', 'REDIS_TLS_CERT_FILE', 'REDIS_TLS_KEY_FILE'] as const;

/** Reports settings of Redis that contradict each other. */
export function checkRedisSettings(settings: Settings, { problem, warning }: Reports): void {
  const [used, ...others] = ADDRESSES.filter((name) => settings[name] !== undefined);
  for (const name of others) warning(`${used ?? ''} is used. ${name} has no effect.`);
  const { REDIS_TLS_CERT_FILE: cert, REDIS_TLS_KEY_FILE: key } = settings;
  const allowed = 'a file as well: a client certificate needs its key, and the key its certificate';
  if (cert === undefined && key !== undefined) problem({ key: 'REDIS_TLS_CERT_FILE', given: 'nothing', allowed });
  if (key === undefined && cert !== undefined) problem({ key: 'REDIS_TLS_KEY_FILE', given: 'nothing', allowed });
  const file = FILES.find((name) => settings[name] !== undefined);
  if (file === undefined || isOverTls(settings)) return;
  if (used === undefined) warning(`${file} has no effect: no Redis is configured.`);
  else warning(`${file} has no effect: ${used} does not begin with rediss://, so that Redis is spoken to without TLS.`);
}

/** Whether the address of Redis that is used begins with `rediss://`. */
export function isOverTls({ REDIS_SENTINELS, REDIS_CLUSTER, REDIS_URL }: Pick<Settings, (typeof ADDRESSES)[number]>): boolean {
  const nodes = REDIS_SENTINELS ?? REDIS_CLUSTER;
  return nodes === undefined ? /^rediss:/i.test(REDIS_URL ?? '') : nodes.isTls;
}
