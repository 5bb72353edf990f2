import { expect, it } from 'vitest';
import { sensitiveKeys } from '../../../../../src/instrumentation/mcp/content/sensitiveKeys.js';

it.each([
  'password',
  'PASSWORD',
  'pass_word',
  'dbPassword',
  'db-password-old',
  'userpasswd',
  'clientSecret',
  'X-Api-Key',
  'apikey',
  'API KEY',
  'accessToken',
  'refresh_token',
  'Authorization',
  'proxy-authorization',
  'Set-Cookie',
  'aws_secret_access_key',
  'privateKey',
  'credentials',
  'connectionString',
  'pin',
  'userPin',
  'user_pin',
  'PINCode',
  'auth',
  'x.auth',
  'pwd',
  'ssn',
  'ＰＡＳＳＷＯＲＤ',
  'p.a.s.s.w.o.r.d',
  'pass',
])('%s is sensitive', (key) => {
  const isSensitiveKey = sensitiveKeys([]);
  expect(isSensitiveKey(key)).toBe(true);
});

it.each([
  'text',
  'name',
  'shipping',
  'opinion',
  'author',
  'authored',
  'passenger',
  'compass',
  'className',
  'key',
  'keyboard',
  'spin',
  '',
  '__proto__',
  'constructor',
  '…',
])('%s is not', (key) => {
  expect(sensitiveKeys([])(key)).toBe(false);
});

it('takes further words by the same rules: long ones anywhere, short ones as whole words', () => {
  const isSensitiveKey = sensitiveKeys(['Patient-Name', 'iban', '', '--']);
  expect(['patientName', 'the_patient_name_2', 'PATIENTNAME', 'iban', 'ownerIban', 'IBAN'].filter((key) => !isSensitiveKey(key))).toEqual(
    [],
  );
  expect(['patient', 'name', 'caribbean', 'ibanez', 'text'].filter((key) => isSensitiveKey(key))).toEqual([]);
});

it('takes a short word of several parts for one, however a key divides it', () => {
  const isSensitiveKey = sensitiveKeys(['n-i']);
  expect(['n-i', 'n_i', 'NI', 'n.i'].filter((key) => !isSensitiveKey(key))).toEqual([]);
  expect(isSensitiveKey('nine')).toBe(false);
});

it('takes a key too long to be a name for a secret', () => {
  expect(sensitiveKeys([])('k'.repeat(257))).toBe(true);
  expect(sensitiveKeys([])('k'.repeat(256))).toBe(false);
});
