import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { addHandover } from '../../../../src/instrumentation/loading/addHandover.js';
import { openHandover, withHandover } from '../../../../src/instrumentation/loading/handover.js';
import type { LoadedModule } from '../../../../src/instrumentation/loading/loadWatch.js';

const pattern = { files: /x/, names: ['Thing', 'make'] };
const CJS = { url: 'file:///x.cjs', format: 'cjs', id: 0, pattern } as const;

/** Runs CommonJS source with the line added; returns its exports. */
function run(source: string, id: number): Record<string, () => unknown> {
  const exports = {};
  compileFunction(withHandover(source, { ...CJS, id }) ?? source, ['exports'])(exports);
  return exports;
}

describe('withHandover', () => {
  it.each([
    ['export class Thing extends Base {', true],
    ['class Thing {', true],
    ['var Thing = class {', true],
    ['var Thing = class Thing extends Base {', true],
    ['export function make(a) {', true],
    ['async function make(a) {', true],
    ['  class Thing {', false],
    ['class Things {', false],
    ['const Thing = make_();', false],
    ['function makeOther() {', false],
  ])('%s: %s', (line, isWanted) => {
    expect(withHandover(`// first\n${line}}`, CJS) !== undefined).toBe(isWanted);
  });

  it('leaves every line where it was, a source map comment included', () => {
    const source = 'class Thing {}\n//# sourceMappingURL=x.js.map';
    const changed = withHandover(source, CJS) ?? '';
    expect(changed.startsWith(`${source}\n;`)).toBe(true);
    expect(changed.trimEnd().split('\n')).toHaveLength(3);
  });

  it('hands over values, and replaces declared functions inside and outside', () => {
    const seen: LoadedModule[] = [];
    const { id, close } = openHandover((module) => {
      seen.push(module);
      expect([module.replace('make', () => 'ours'), module.replace('Thing', null)]).toEqual([true, false]);
    });
    const exports = run('class Thing {}\nfunction make() { return 1; }\nexports.make = make;\nexports.inside = () => make();', id);
    close();
    expect(seen.map(({ url, format, values }) => ({ url, format, names: Object.keys(values) }))).toEqual([
      { url: 'file:///x.cjs', format: 'cjs', names: ['Thing', 'make'] },
    ]);
    expect([exports['make']?.(), exports['inside']?.()]).toEqual(['ours', 'ours']);
  });

  it('does nothing without a receiver, with one that throws, and for names that are in a comment only', () => {
    const source = '/*\nclass Thing {}\nfunction make() {}\n*/\nexports.one = () => 1;';
    const values: unknown[] = [];
    const broken = openHandover(() => {
      throw new Error('ours');
    });
    const curious = openHandover((module) => values.push(module.values, module.replace('make', 1)));
    for (const id of [broken.id, curious.id, 999]) expect(run(source, id)['one']?.()).toBe(1);
    for (const { close } of [broken, curious]) close();
    expect(values[0]).toEqual({ Thing: undefined, make: undefined });
  });

  it('stays out of the list of globals, and never reuses an id', () => {
    const first = openHandover(() => undefined);
    first.close();
    const second = openHandover(() => undefined);
    second.close();
    expect(second.id).toBeGreaterThan(first.id);
    expect(Object.getOwnPropertyDescriptor(globalThis, Symbol.for('handoff-otel.loads'))?.enumerable).toBe(false);
  });
});

describe('addHandover', () => {
  const target = { id: 3, pattern, marks: [] };

  it('adds to both formats, whatever the source comes as', () => {
    const bytes = new TextEncoder().encode('class Thing {}');
    for (const source of ['class Thing {}', bytes, bytes.buffer]) {
      expect(addHandover({ format: 'module', source }, 'file:///x.js?v=1', target).source).toContain('h("file:///x.js","esm"');
      expect(addHandover({ format: 'commonjs', source }, 'file:///x.js', target).source).toContain('"cjs"');
    }
  });

  it.each([
    [{ format: 'commonjs', source: null }],
    [{ format: 'commonjs', source: undefined }],
    [{ format: 'json', source: 'class Thing {}' }],
    [{ format: 'module', source: 'nothing' }],
    [{ format: 'module', source: 7 as unknown as string }],
  ])('gives back the same object for %o', (loaded) => {
    expect(addHandover(loaded, 'file:///x.js', target)).toBe(loaded);
  });

  it('looks for marked fields in files that the pattern does not match, and only there', () => {
    const marked = {
      id: 3,
      pattern: { files: /matching/, names: ['Thing'] },
      marks: [{ field: '_pending', value: 'map', beside: '_other' } as const],
    };
    const text = `${'x'.repeat(5000)};this._other=1;this._pending=new Map;`;
    const bytes = new TextEncoder().encode(text);
    for (const source of [text, bytes, bytes.buffer, Buffer.from(text)]) {
      expect(addHandover({ format: 'commonjs', source }, 'file:///x.js', marked).source).toContain('this._pending=(globalThis.');
      const loaded = { format: 'module', source };
      expect(addHandover(loaded, 'file:///matching.js', marked)).toBe(loaded);
    }
    const other = { format: 'module', source: new Uint16Array(5000) };
    expect(addHandover(other, 'file:///x.js', marked)).toBe(other);
  });
});
