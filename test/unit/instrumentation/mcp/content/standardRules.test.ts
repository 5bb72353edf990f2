import { describe, expect, it } from 'vitest';
import { shown, standardRedaction } from './redaction.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

describe('texts that are secret by their form', () => {
  it.each([
    ['a bearer token', 'sent Bearer abc.def-123~/+= to it', 'sent [redacted] to it'],
    ['a bearer token in small letters', 'bearer abcdef123', '[redacted]'],
    ['basic credentials', 'with Basic dXNlcjpwYXNz', 'with [redacted]'],
    ['a JWT', `see ${JWT}, ok`, 'see [redacted], ok'],
    ['the header of a JWT alone', 'see eyJhbGciOiJIUzI1NiJ9', 'see [redacted]'],
    ['a private key', 'key -----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- end', 'key [redacted] end'],
    ['a private key that is cut off', 'x -----BEGIN PRIVATE KEY-----\nMIIE', 'x [redacted]'],
    ['a PGP key', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----', '[redacted]'],
    ['the password of a connection string', 'postgres://app:p%40ss@db.local:5432/x', 'postgres://[redacted]@db.local:5432/x'],
    ['a password with @ in a URL', 'redis://:a@b@cache/0', 'redis://[redacted]@cache/0'],
    ['a token as the user of a URL', 'https://ghtoken@github.com/a/b', 'https://[redacted]@github.com/a/b'],
    ['a URL in escaped JSON', String.raw`https:\/\/u:p@h\/x`, String.raw`https:\/\/[redacted]@h\/x`],
    ['an AWS key id', 'id AKIAIOSFODNN7EXAMPLE.', 'id [redacted].'],
    ['an AWS secret key', 'is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY4 or', 'is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY4 or'],
    ['an AWS secret key of 40 characters', 'is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY or', 'is [redacted] or'],
    ['a GitHub token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a', '[redacted]'],
    ['a Slack token', 'xoxb-2048-2048-abcdefgh', '[redacted]'],
    ['a Stripe key', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', '[redacted]'],
    ['an API key of a model provider', 'sk-ant-api03-abcdefghijkl', '[redacted]'],
    ['a card number', 'card 4111 1111 1111 1111, 12/30', 'card [redacted], 12/30'],
    ['a card number after other groups', 'no 7 4111-1111-1111-1111 8', 'no 7 [redacted] 8'],
    ['an American Express number', '378282246310005', '[redacted]'],
    ['a Visa number of 13 digits, and nothing else', '4222222222222', '[redacted]'],
  ])('%s', (_what, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    'the basic information is here',
    'Basic usage',
    'a bear',
    'https://example.com:8080/a@b',
    'mail a@example.com',
    'commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
    '4111 1111 1111 1112',
    '1700000000000',
    '0.4111111111111111',
    '12345678901234567890123',
    'id 550e8400-e29b-41d4-a716-446655440000',
    'task-force',
    'obeyJurisdiction',
  ])('not: %s', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('hides e-mail addresses only when asked for', () => {
    expect(shown('to a.b+c@example.co.uk!', standardRedaction({ emails: true }))).toBe('to [redacted]!');
  });
});

describe('what a text assigns to a sensitive key', () => {
  it.each([
    ['JSON', '{"password":"hunter2","a":1}', '{"password":[redacted],"a":1}'],
    ['JSON with an escaped quote', String.raw`{"password":"hun\"ter2","a":1}`, '{"password":[redacted],"a":1}'],
    ['JSON ending in a backslash', String.raw`{"password":"hunter2\\","a":1}`, '{"password":[redacted],"a":1}'],
    ['JSON in JSON', String.raw`"{\"password\":\"hun\\\"ter2\",\"a\":1}"`, String.raw`"{\"password\":[redacted],\"a\":1}"`],
    ['an object', '{"credentials":{"user":"a}","p":["b"]},"a":1}', '{"credentials":[redacted],"a":1}'],
    ['a list', '{"tokens": ["a]", "b"], "a": 1}', '{"tokens": [redacted], "a": 1}'],
    ['an object that is cut off', '{"credentials":{"user":"a","p"', '{"credentials":[redacted]'],
    ['a number', '{\n  "pin" : 1234,\n  "a": 1\n}', '{\n  "pin" : [redacted]\n  "a": 1\n}'],
    ['a Python dictionary', "{'api_key': 'abc', 'a': 1}", "{'api_key': [redacted], 'a': 1}"],
    ['a header', 'Authorization: Digest username="u", response="r"\nHost: x', 'Authorization: [redacted]\nHost: x'],
    ['a query', 'https://x/?access_token=abc&page=2', 'https://x/?access_token=[redacted]&page=2'],
    ['an environment', 'DB_PASSWORD=hunter2\nHOST=x', 'DB_PASSWORD=[redacted]\nHOST=x'],
    ['a connection string', 'Server=x;Password=hunter2;Port=1', 'Server=x;Password=[redacted];Port=1'],
    ['a quoted assignment', 'password = "correct horse" next', 'password = [redacted] next'],
    ['an arrow', "'password' => 'x', 'a' => 'b'", "'password' => [redacted], 'a' => 'b'"],
    ['two words', 'API key: abc def\nok', 'API key: [redacted]\nok'],
    ['YAML', 'credentials:\n  user: u\n\n  other: o\nname: n', 'credentials:\n  [redacted]\nname: n'],
    ['a YAML block', 'a: 1\nsecret: |\n  one\n  two', 'a: 1\nsecret: [redacted]'],
    ['a folded YAML block', 'a: 1\nsecret: >\n  one\n  two', 'a: 1\nsecret: [redacted]'],
    ['XML', '<user>u</user><password>hunter2</password>', '<user>u</user><password>[redacted]</password>'],
    ['an XML attribute', '<user password="hunter2" a="1">', '<user password=[redacted] a="1">'],
    ['a flag', 'run --password hunter2 --verbose', 'run --password [redacted] --verbose'],
    ['a quoted flag', "run --api-key 'a b' -v", 'run --api-key [redacted] -v'],
    [
      'a key in PEM form',
      '{"private_key":"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n","a":1}',
      '{"private_key":[redacted],"a":1}',
    ],
    [
      'an unquoted key in PEM form',
      'private_key: -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\na: 1',
      'private_key: [redacted]\na: 1',
    ],
  ])('in %s', (_what, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    'password',
    'password=',
    'password:',
    '{"password":',
    'a token of thanks',
    '::==::>>',
    '<password',
    'author: me',
    'x > y',
    '\\\\\\"',
  ])('nothing to hide: %s', (text) => {
    expect(shown(text)).toBe(text);
  });
});
