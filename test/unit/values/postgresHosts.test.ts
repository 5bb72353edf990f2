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
  [
    'postgres://user:p,w@a:1,b/db',
    {
      connectionString: 'postgres://user:p,w@a:1/db',
      hosts: [
        ['a', 1],
        ['b', 5432],
      ],
      mustBeWritable: true,
    },
  ],
  [
    'postgres://user:p@s,x@a:1,b:2/db',
    {
      connectionString: 'postgres://user:p@s,x@a:1/db',
      hosts: [
        ['a', 1],
        ['b', 2],
      ],
      mustBeWritable: true,
    },
  ],
  [
    'postgres:///db?host=/run/postgresql&target_session_attrs=read-write&port=6000',
    { connectionString: 'postgres:///db?host=/run/postgresql&port=6000', hosts: [['/run/postgresql', 6000]], mustBeWritable: true },
  ],
  [
    'postgres://user:p@/db?target_session_attrs=any&host=a%2C%2Frun%2Fpostgresql,::1&port=1,2,3',
    {
      connectionString: 'postgres://user:p@/db?host=a&port=1',
      hosts: [
        ['a', 1],
        ['/run/postgresql', 2],
        ['::1', 3],
      ],
      mustBeWritable: false,
    },
  ],
  ['postgres:///db?target_session_attrs=primary', { connectionString: 'postgres:///db', hosts: [], mustBeWritable: true }],
] as const)('%s', (address, { connectionString, hosts, mustBeWritable }) => {
  expect(postgresHosts(address)).toEqual({ connectionString, hosts: hosts.map(([host, port]) => ({ host, port })), mustBeWritable });
});

it.each(['postgres://a/db', 'postgres://user@/db?host=/tmp', 'postgres://u:p,w@a/db', 'postgres://u:p@s,x@a/db', 'nonsense', ''])(
  '%j names one server',
  (address) => {
    expect(postgresHosts(address)).toBeUndefined();
  },
);

it.each([
  'postgres://a,/db',
  'postgres://a:0,b/db',
  'postgres://a:99999,b/db',
  'postgres://a b,c/db',
  'postgres://a/db?target_session_attrs=standby',
  'postgres:///db?host=a,b,c&port=1,2',
  'postgres:///db?host=a,&port=1',
  'postgres:///db?host=a,b&port=0',
  'postgres://a,b/db?target_session_attrs=prefer-standby',
])('%s cannot be used', (address) => {
  expect(postgresHosts(address)).toBe('invalid');
});
