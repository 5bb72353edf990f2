import { expect, it } from 'vitest';
import { Undo } from '../../../src/errors/undo.js';

it('takes back the latest step first, all of them though one fails, and each once', () => {
  const lines: string[] = [];
  const done: string[] = [];
  const undo = new Undo((line) => lines.push(line));
  undo.add(() => done.push('first'));
  undo.add(() => {
    throw new Error('stuck');
  });
  undo.add(() => done.push('last'));
  undo.run();
  undo.run();
  expect(done).toEqual(['last', 'first']);
  expect(lines).toEqual(['something could not be undone: stuck']);
});
