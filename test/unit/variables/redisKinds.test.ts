import { describe, expect, it } from 'vitest';
import { redisCluster, redisSentinels, redisUrl } from '../../../src/variables/redisKinds.js';

const refuse = (): undefined => undefined;

describe('REDIS_SENTINELS', () => {
  it.each([
    [
      'a:26380,b/handoff',
      {
        nodes: [
          { host: 'a', port: 26_380 },
          { host: 'b', port: 26_379 },
        ],
        masterName: 'handoff',
        isTls: false,
      },
    ],
    ['a', { nodes: [{ host: 'a', port: 26_379 }], masterName: 'mymaster', isTls: false }],
    [
      'rediss://user:p%40ss@a:1, [::1]:2/m-1',
      {
        nodes: [
          { host: 'a', port: 1 },
          { host: '::1', port: 2 },
        ],
        masterName: 'm-1',
        username: 'user',
        password: 'p@ss',
        isTls: true,
      },
    ],
    [':se:cr:et@a/m', { nodes: [{ host: 'a', port: 26_379 }], masterName: 'm', password: 'se:cr:et', isTls: false }],
    [':secret@a/m', { nodes: [{ host: 'a', port: 26_379 }], masterName: 'm', password: 'secret', isTls: false }],
    ['redis://secret@a/m', { nodes: [{ host: 'a', port: 26_379 }], masterName: 'm', password: 'secret', isTls: false }],
  ])('%s', (given, expected) => {
    expect(redisSentinels.parse(given, refuse)).toEqual(expected);
  });

  it.each(['a:0', 'a:70000', 'a b', ',', 'a/b/c', 'http://a/m', '%zz@a', 'a:1,,b c'])('not %j', (given) => {
    expect(redisSentinels.parse(given, refuse)).toBeUndefined();
  });
});

describe('REDIS_CLUSTER', () => {
  it('is a list of nodes', () => {
    expect(redisCluster.parse('redis://:pw@a,b:7000', refuse)).toEqual({
      nodes: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 7000 },
      ],
      password: 'pw',
      isTls: false,
    });
  });

  it.each(['a/0', 'a:x', ''])('not %j', (given) => {
    expect(redisCluster.parse(given, refuse)).toBeUndefined();
  });
});

describe('REDIS_URL', () => {
  it.each([
    'redis://a',
    'rediss://u:p%40ss@a:6380/3',
    'redis://a/',
    'redis://a/0/',
    'redis://:secret@[::1]:6379?family=6&db=2',
    'REDIS://a',
  ])('%s', (given) => {
    expect(redisUrl.parse(given, refuse)).toBe(given);
  });

  // With these, ioredis throws or leaves a rejection that nobody can handle.
  it.each([
    'redis://u:p%zz@a',
    'redis://%zz@a',
    'redis://a/abc',
    'redis://a/-1',
    'redis://a/1/2',
    'redis://a?db=x',
    'http://a',
    'a:6379',
    '',
  ])('not %j', (given) => {
    expect(redisUrl.parse(given, refuse)).toBeUndefined();
  });
});
