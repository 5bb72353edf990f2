import { expect, it } from 'vitest';
import { replaceMethod } from '../../../../src/instrumentation/patching/replaceMethod.js';

const greeter = (): { greet(): string } => ({ greet: () => 'original' });

it('replaces a method and puts it back', () => {
  const owner = greeter();
  const { greet } = owner;
  const putBack = replaceMethod(owner, 'greet', () => 'ours');
  expect(owner.greet()).toBe('ours');
  putBack();
  expect(owner.greet).toBe(greet);
});

it('leaves the wrapper of somebody else where it is, with ours beneath', () => {
  const owner = greeter();
  const putBack = replaceMethod(owner, 'greet', () => 'ours');
  const ours = owner.greet;
  owner.greet = () => `theirs over ${ours()}`;
  putBack();
  expect(owner.greet()).toBe('theirs over ours');
});
