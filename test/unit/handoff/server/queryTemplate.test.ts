import { describe, expect, it } from 'vitest';
import { OptionalQueryTemplate } from '../../../../src/handoff/server/resources/queryTemplate.js';

const one = new OptionalQueryTemplate({
  template: 'x://things/{id}/parts{?a,b}',
  prefix: 'x://things/',
  parameter: 'id',
  suffix: '/parts',
  query: ['a', 'b'],
});
const all = new OptionalQueryTemplate({ template: 'x://things{?a}', prefix: 'x://things', suffix: '', query: ['a'] });

it('lists as it was written', () => {
  expect(one.toString()).toBe('x://things/{id}/parts{?a,b}');
});

describe('with a parameter', () => {
  it.each([
    ['x://things/7/parts', { id: '7' }],
    ['x://things/7/parts?', { id: '7' }],
    ['x://things/7/parts?a=1', { id: '7', a: '1' }],
    ['x://things/7/parts?b=2&a=1', { id: '7', a: '1', b: '2' }],
    ['x://things/7/parts?a=1&a=2', { id: '7', a: '2' }],
    ['x://things/7/parts?a=', { id: '7', a: '' }],
    ['x://things/7/parts?a=x%26y%3D1?z', { id: '7', a: 'x&y=1?z' }],
    ['x://things/7%2F8/parts', { id: '7%2F8' }],
    ['x://things/7/8/parts', { id: '7/8' }],
    ['x://things/7/parts?c=3', { id: '7', 'unknown:c': '3' }],
    ['x://things/7/parts?id=8', { id: '7', 'unknown:id': '8' }],
  ])('%s is %j', (uri, variables) => {
    expect(one.match(uri)).toEqual(variables);
  });

  it.each([
    'x://things//parts',
    'x://things/parts',
    'x://things/7',
    'x://things/7/parts/',
    'y://things/7/parts',
    'x://things?a=/7/parts',
    '',
  ])('%s is another resource', (uri) => {
    expect(one.match(uri)).toBeNull();
  });
});

describe('without a parameter', () => {
  it.each([
    ['x://things', {}],
    ['x://things?a=1', { a: '1' }],
  ])('%s is %j', (uri, variables) => {
    expect(all.match(uri)).toEqual(variables);
  });

  it.each(['x://things/', 'x://thingsX', 'x://thing'])('%s is another resource', (uri) => {
    expect(all.match(uri)).toBeNull();
  });
});
