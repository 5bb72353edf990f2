import { list } from '@ioredis/commands';
import { expect, it } from 'vitest';
import { redisVerb } from '../../../../src/telemetry/guard/redisCommand.js';
import { REDIS_COMMANDS } from '../../../../src/telemetry/guard/redisCommandNames.js';

it('knows every command that the package of ioredis lists', () => {
  expect(list.filter((command) => redisVerb(command) === 'OTHER')).toEqual([]);
});

it.each(['json.get', 'FT.SEARCH', 'ts.add', 'sentinel', 'asking', 'georadius', 'vsim', 'bitfield_ro', 'hpexpire'])(
  'knows %s',
  (command) => {
    expect(redisVerb(command)).toBe(command.toUpperCase());
  },
);

it('has a bound: names that Redis does not know are one', () => {
  expect(redisVerb('json.secret')).toBe('OTHER');
  expect(redisVerb('__proto__')).toBe('OTHER');
  expect(REDIS_COMMANDS.size).toBeLessThan(500);
});
