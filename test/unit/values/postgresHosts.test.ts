import { expect, it } from 'vitest';
import { postgresHosts } from '../../../src/values/postgresHosts.js';

it.each([
  [
    'postgres://user:p%40ss@a:5433,b/db?sslmode=require',
    {
      connectionString: 'postgres://user:p%40ss@a:5433/db?sslmode=require',
      hosts: [
        ['a', 5433],
        ['b', 5432],
      ],
      mustBeWritable: true,
    },
  ],
  [
    'postgresql://a,[2001:db8::1]:6000,c.example/db?target_session_attrs=any&application_name=x',
    {
      connectionString: 'postgresql://a/db?application_name=x',
      hosts: [
        ['a', 5432],
        ['2001:db8::1', 6000],
        ['c.example', 5432],
      ],
      mustBeWritable: false,
    },
  ],
  [
    'postgres://a/db?x=1&target_session_attrs=primary',
    { connectionString: 'postgres://a/db?x=1', hosts: [['a', 5432]], mustBeWritable: true },
  ],
  [
    'postgres://a/db?x=1&target_session_attrs=read-write&y=2',
    { connectionString: 'postgres://a/db?x=1&y=2', hosts: [['a', 5432]], mustBeWritable: true },
  ],
  [
    'postgres://a,b',
    {
      connectionString: 'postgres://a',
      hosts: [
        ['a', 5432],
        ['b', 5432],
      ],
      mustBeWritable: true,
    },
  ],
])('%s', (address, { connectionString, hosts, mustBeWritable }) => {
  expect(postgresHosts(address)).toEqual({ connectionString, hosts: hosts.map(([host, port]) => ({ host, port })), mustBeWritable });
});

it.each(['postgres://a/db', 'postgres://user@/db?host=/tmp', 'postgres://u:p,w@a/db', 'nonsense', ''])('%j names one server', (address) => {
  expect(postgresHosts(address)).toBeUndefined();
});

it.each([
  'postgres://a,/db',
  'postgres://a:0,b/db',
  'postgres://a:99999,b/db',
  'postgres://a b,c/db',
  'postgres://a/db?target_session_attrs=standby',
  'postgres://a,b/db?target_session_attrs=prefer-standby',
])('%s cannot be used', (address) => {
  expect(postgresHosts(address)).toBe('invalid');
});
