import { describe, expect, it } from 'vitest';
import { redisErrorType, redisText, redisVerb } from '../../../../src/telemetry/guard/redisCommand.js';

describe('Redis commands', () => {
  it.each([['get', 'GET'], ['HSET', 'HSET'], ['secret', 'OTHER'], ['', 'OTHER']])('%s is %s', (command, verb) => {
    expect(redisVerb(command)).toBe(verb);
  });

  it('show that they have arguments, never which', () => {
    expect(redisText('MGET', 3)).toBe('MGET ?');
    expect(redisText('PING', 0)).toBe('PING');
  });
});

describe('redisErrorType', () => {
  it("takes Redis' own words only", () => {
    expect(redisErrorType(new Error('WRONGTYPE Operation against a key'))).toBe('WRONGTYPE');
    expect(redisErrorType(new Error('MYSECRET raised by a script'))).toBe('Error');
    expect(redisErrorType(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(redisErrorType('text')).toBe('_OTHER');
  });
});
