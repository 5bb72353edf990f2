import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { mayHaveMarks } from '../../../../src/instrumentation/loading/fieldMarks.js';
import type { FieldMark } from '../../../../src/instrumentation/loading/fieldMarks.js';
import { withMarkedFields } from '../../../../src/instrumentation/loading/markedFields.js';

const MARKS: readonly FieldMark[] = [
  { field: '_pending', value: 'map', beside: '_other' },
  { field: '_tools', value: 'object', beside: '_prompts' },
];
const BESIDE = '/* _other _prompts */';
const CALL = 'globalThis.handoffOtelInstance?.(this)';

/** What `line` becomes, with the properties beside it in the text. */
function changed(line: string): string {
  return (withMarkedFields(`${BESIDE}${line}`, MARKS) ?? `${BESIDE}${line}`).slice(BESIDE.length);
}

/** As written by the tool named, with `·` where the call has to come and `¦` where its parenthesis ends. */
const UNDERSTOOD: readonly (readonly [string, string])[] = [
  ['tsc, rollup, ncc', '        this._pending = ·new Map()¦;\n        this._tools = ·{}¦;'],
  ['esbuild, terser, minified', 'this._other=new Map,this._pending=·new Map¦,this._x=new Map,this._tools=·{}¦,this._prompts={}'],
  ['rolldown', '\t\tthis._pending = ·/* @__PURE__ */ new Map()¦;'],
  ['rolldown, minified', 'this._other=/* @__PURE__ */ new Map,this._pending=·/* @__PURE__ */ new Map¦,this.y=1'],
  ['babel', '    this._pending = ·/* @__PURE__ */new Map()¦;'],
  ['last before a brace', 'constructor(){this._pending=·new Map¦}'],
  ['class field', 'class A {\n\t_prompts = {};\n\t_pending = ·/* @__PURE__ */ new Map()¦;\n\t_tools = ·{}¦;\n}'],
  ['class field after a comment', '\t/** Says what it is */\n\t_pending = ·new Map()¦;'],
  ['class field, minified', 'class A{_a=new Set;_pending=·new Map¦;_tools=·{}¦}'],
  ['first class field, minified', 'class A{_pending=·new Map¦;_a}'],
  ['esbuild, lowered', '    __publicField(this, "_pending", ·/* @__PURE__ */ new Map()¦);'],
  ['esbuild, lowered and minified', 'W(this,"_pending",·new Map¦);W(this,"_tools",·{}¦)'],
  ['rolldown, lowered and minified', 'V(this,`_pending`,·/* @__PURE__ */ new Map¦),V(this,`_tools`,·{}¦)'],
  ['swc, lowered', `_define_property(this, '_pending', ·new Map()¦);`],
  [
    'tsc, lowered',
    'Object.defineProperty(this, "_pending", {\n    enumerable: true,\n    configurable: true,\n    writable: true,\n    value: ·new Map()¦\n});',
  ],
  ['tsc, lowered and minified', 'Object.defineProperty(this,"_tools",{enumerable:!0,configurable:!0,writable:!0,value:·{}¦})'],
  [
    'webpack, for eval',
    String.raw`eval("class A {\n\t_pending = ·new Map()¦;\n\tconstructor() {\n\t\tthis._tools = ·{}¦; b(this, \"_pending\", ·new Map()¦);");`,
  ],
];

const LEFT_ALONE: readonly string[] = [
  'this._pending = new Map([[1, 2]]);',
  'this._pending=new Map (x);',
  'this._pending=new Map.Other;',
  'this._pending = new MapLike();',
  'this._pending = new Map().set(1, 2);',
  'that._pending = new Map();',
  'a.this._pending = new Map();',
  'const { _pending = new Map() } = this;',
  'class A extends B { constructor({\n_pending = new Map() }) { super(); } }',
  'class A extends B { constructor(_pending = new Map()) { super(); } }',
  'class A extends B { constructor(a,\n_pending = new Map()) { super(); } }',
  'let _pending = new Map();',
  'static _pending = new Map();',
  '({ _pending: new Map(), _tools: {} })',
  'this._pendings = new Map();',
  'this.__pending = new Map();',
  'this._tools = { a: 1 };',
  'this._tools[name] = {};',
  'f(that, "_pending", new Map());',
  'f(this, "_pending", new Map(), 1);',
  'Object.defineProperty(this, "_pending", { get() { return {}; }, value: new Map() });',
];

describe('withMarkedFields', () => {
  it.each(UNDERSTOOD)('has the instance handed over: %s', (_tool, line) => {
    const bare = line.replaceAll(/[·¦]/g, '');
    const wanted = line.replaceAll('·', `(${CALL},`).replaceAll('¦', ')');
    expect(changed(bare)).toBe(wanted);
    expect(changed(wanted)).toBe(wanted);
  });

  it.each(LEFT_ALONE)('leaves alone: %s', (line) => {
    expect(changed(line)).toBe(line);
  });

  it('leaves alone a text without what stands beside the field', () => {
    expect(withMarkedFields('this._pending = new Map(); this._tools = {};', MARKS)).toBeUndefined();
  });

  it('gives values that are what they were, and breaks no string, template, comment or expression they are in', () => {
    const source = `// this._pending = new Map();\n/* this._tools = {}; */ const other = { _other: 0, _prompts: 0 };
      class A { _pending = new Map(); constructor() { this._tools = {}; } }
      const a = new A(); const texts = [' this._pending = new Map;', " this._tools = {};", \` this._pending = new Map(); \${1}\`];
      return [a._pending instanceof Map, a._tools, texts.length, /this._pending=new Map;/.test('x')];`;
    const text = withMarkedFields(source, MARKS) ?? '';
    expect(text.split(CALL)).toHaveLength(9);
    expect(text.split('\n')).toHaveLength(source.split('\n').length);
    expect(compileFunction(text)()).toEqual([true, {}, 3, false]);
  });
});

describe('mayHaveMarks', () => {
  const long = 'x'.repeat(5000);

  it.each([
    ['text', `${long}_tools`, true],
    ['bytes', new TextEncoder().encode(`_pending${long}`), true],
    ['text without', long, false],
    ['bytes without', new TextEncoder().encode(long), false],
    ['a part of larger bytes', new TextEncoder().encode(`_tools${long}`).subarray(6), false],
    ['a small file', '_tools _pending', false],
  ])('%s', (_what, source, isFound) => {
    expect(mayHaveMarks(source, MARKS)).toBe(isFound);
  });
});
