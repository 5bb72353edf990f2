import { expect, it } from 'vitest';
import { redisCheck } from '../../../../src/handoff/monitoring/health/checks/redis.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import { redisRefusal } from '../../../../src/handoff/storage/redisFailure.js';

it.each([
  ['NOAUTH Authentication required.', 'NOAUTH', 'REDIS_URL'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM', 'maxmemory-policy'],
  ["READONLY You can't write against a read only replica.", 'READONLY', 'master'],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'BUSY', 'SCRIPT KILL'],
  ["NOPERM this user has no permissions to run the 'select' command", 'NOPERM', '+select'],
  ['MOVED 3999 127.0.0.1:6381', 'MOVED', 'Cluster'],
  ['ERR DB index is out of range', 'DB_INDEX', 'databases'],
  ['ERR SELECT is not allowed in cluster mode', 'MOVED', 'REDIS_CLUSTER'],
  ['Too many Cluster redirections. Last error: ReplyError: MOVED 3999 127.0.0.1:6381', 'CLUSTERDOWN', 'CLUSTER INFO'],
])('knows %j and what to do', (message, word, advice) => {
  expect(redisRefusal(new Error(message))).toMatchObject({ word, advice: expect.stringContaining(advice) });
});

it.each(['ERR unknown command', 'SECRET of a caller', 'Command timed out', 'NOAUTHX y', ''])('makes no word of %j', (message) => {
  expect(redisRefusal(new Error(message))).toBeUndefined();
});

it.each([
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'host name'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'REDIS_TLS_CERT_FILE'],
])('says of %s what to do about TLS, in health too', async (code, advice) => {
  const error = Object.assign(new Error('no'), { code });
  expect(redisRefusal(error)).toMatchObject({ word: code, advice: expect.stringContaining(advice) });
  const cache = { kind: 'redis', probe: () => Promise.reject(error) } as unknown as Cache;
  expect(await redisCheck(cache).run()).toMatchObject({ reason: 'unreachable', advice: expect.stringContaining(advice) });
});
