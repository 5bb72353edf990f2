import { describe, expect, it } from 'vitest';
import { redisText, redisVerb } from '../../../../src/telemetry/guard/redisCommand.js';

describe('Redis commands', () => {
  it.each([
    ['get', 'GET'],
    ['HSET', 'HSET'],
    ['secret', 'OTHER'],
    ['', 'OTHER'],
  ])('%s is %s', (command, verb) => {
    expect(redisVerb(command)).toBe(verb);
  });

  it('show that they have arguments, never which', () => {
    expect(redisText('MGET', 3)).toBe('MGET ?');
    expect(redisText('PING', 0)).toBe('PING');
  });
});
