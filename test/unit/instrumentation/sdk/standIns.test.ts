import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withStandIns } from '../../../../src/instrumentation/sdk/standIns.js';

/** CommonJS packages in a folder of their own, as `require` of an application there sees them. */
interface Packages {
  readonly require: NodeJS.Require;
  write(name: string, code: string): void;
  /** Whether the package's code has run. */
  isLoaded(name: string): boolean;
}

let folder: string;
let packages: Packages;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-stand-ins-')));
  const require = createRequire(join(folder, 'app.js'));
  packages = {
    require,
    write: (name, code) => {
      const place = join(folder, 'node_modules', name);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'index.js'), code);
    },
    isLoaded: (name) => require.cache[require.resolve(name)] !== undefined,
  };
  packages.write('late', `exports.Tool = class Tool { name = 'real'; }; exports.answer = 42;`);
});

afterEach(() => {
  for (const file of Object.keys(packages.require.cache)) if (file.startsWith(folder)) Reflect.deleteProperty(packages.require.cache, file);
  rmSync(folder, { recursive: true });
});

function load(name: string, ...later: string[]): Record<string, () => unknown> {
  return withStandIns(packages.require, later, () => packages.require(name) as Record<string, () => unknown>);
}

it('loads a package when it is first used, and then it is the real one', () => {
  packages.write('library', `const late = require('late'); exports.use = () => new late.Tool(); exports.tool = () => late.Tool;`);
  const library = load('library', 'late');
  expect(packages.isLoaded('late')).toBe(false);
  expect(library['use']?.()).toEqual({ name: 'real' });
  expect(packages.isLoaded('late')).toBe(true);
  expect(library['tool']?.()).toBe((packages.require('late') as { Tool: unknown }).Tool);
});

it('is given to nobody who asks later', () => {
  packages.write('library', `exports.standIn = require('late');`);
  packages.write('other', `module.exports = require('late');`);
  const library = load('library', 'late') as unknown as { standIn: object };
  const real = packages.require('late') as object;
  expect(real).not.toBe(library.standIn);
  expect(packages.require('other')).toBe(real);
  expect(packages.require.cache[packages.require.resolve('late')]?.exports).toBe(real);
});

it('leaves a package alone that is loaded already', () => {
  const real = packages.require('late') as object;
  packages.write('library', `exports.late = require('late');`);
  expect((load('library', 'late') as unknown as { late: object }).late).toBe(real);
  expect(packages.require('late')).toBe(real);
});

it.each([
  [
    'a class that extends one of the package',
    `const late = require('late'); class Own extends late.Tool {} exports.result = () => new Own().name;`,
    'real',
  ],
  ['taking names out', `const { answer } = require('late'); exports.result = () => answer;`, 42],
  ['handing on', `Object.assign(exports, require('late')); exports.result = () => exports.answer;`, 42],
  [
    'copying getters, as bundlers do',
    `const late = require('late'); for (const key of Object.getOwnPropertyNames(late)) Object.defineProperty(exports, key, { get: () => late[key], enumerable: Object.getOwnPropertyDescriptor(late, key).enumerable }); exports.result = () => exports.answer;`,
    42,
  ],
  [
    'asking what is there',
    `const late = require('late'); exports.result = () => ['answer' in late, 'nothing' in late, Object.keys(late), Object.prototype.toString.call(late)];`,
    [true, false, ['Tool', 'answer'], '[object Object]'],
  ],
  [
    'replacing a function, as instrumentation does',
    `const late = require('late'); late.answer = 43; Object.defineProperty(late, 'more', { value: 1, configurable: true }); delete late.Tool; exports.result = () => { const real = require('late'); return [real.answer, real.more, real.Tool]; };`,
    [43, 1, undefined],
  ],
])('is as good as the package for %s', (_, code, expected) => {
  packages.write('library', code);
  expect(load('library', 'late')['result']?.()).toEqual(expected);
});

it('shows fixed properties, as __esModule is, which a proxy may not call fixed', () => {
  packages.write('late', `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'real';`);
  packages.write(
    'library',
    `const late = require('late'); exports.result = () => [{ ...late }, Reflect.ownKeys(late), Object.getOwnPropertyDescriptor(late, '__esModule').value];`,
  );
  expect(load('library', 'late')['result']?.()).toEqual([{ default: 'real' }, ['__esModule', 'default'], true]);
});

it('may be used by another that is loaded meanwhile', () => {
  packages.write('first', `const late = require('late'); exports.value = () => late.answer;`);
  packages.write('library', `const { value } = require('first'); exports.result = () => value();`);
  const library = load('library', 'late', 'first');
  expect(packages.isLoaded('first')).toBe(true);
  expect(packages.isLoaded('late')).toBe(false);
  expect(library['result']?.()).toBe(42);
});

it('lets a package that is not there be missed in the usual way', () => {
  packages.write('library', `try { require('missing'); } catch (error) { exports.result = () => error.code; }`);
  expect(load('library', 'missing', 'late')['result']?.()).toBe('MODULE_NOT_FOUND');
});

it('loads everything at once when the library cannot live with it', () => {
  packages.write(
    'library',
    `const { types } = require('node:util'); if (types.isProxy(require('late'))) throw new Error('odd'); exports.result = () => require('late').answer;`,
  );
  expect(load('library', 'late')['result']?.()).toBe(42);
  expect(packages.isLoaded('late')).toBe(true);
});

it('fails as the library fails, and leaves nothing behind', () => {
  packages.write('library', `require('late'); throw new Error('broken');`);
  expect(() => load('library', 'late')).toThrow('broken');
  packages.write('other', `exports.late = require('late');`);
  expect((packages.require('other') as { late: object }).late).toBe(packages.require('late'));
});

it('tells of a package that cannot be loaded when it is used', () => {
  packages.write('late', `throw new Error('no such luck');`);
  packages.write('library', `const late = require('late'); exports.use = () => late.anything;`);
  const library = load('library', 'late');
  expect(() => library['use']?.()).toThrow('no such luck');
  expect(packages.isLoaded('late')).toBe(false);
});
