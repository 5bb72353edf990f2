import type { Sample } from './sample.js';

const TYPESCRIPT = `import a, { b } from 'a/b';
import './side.js';
import type { T } from '@scope/pkg/deep';
export * from '../other.js';
import q = require('q');
const r = require('r/lib'), d = await import("#own");
const dynamic = require(name);
// a comment

/* another
   on two lines */
abstract class A<T> { x = () => 1; #z() { return '// no comment'; } get p() { return 1; } }
interface I { s(): void }
enum E { One }
function f(a: unknown): void { if (a && b || c) { f(a ?? b); } else if (a) { f(1); } }
function* g() { for (const x of y) yield x; for (;;) { while (a) { do { break; } while (b); } } }
const h = async () => 1, k = function named() { try { return a ? b : c; } catch { return 1; } };
switch (x) { case 1: case 2: break; default: break; }
a ||= b;
`;
const SCRIPT_FACTS = {
  imports: ['a/b', './side.js', '@scope/pkg/deep', '../other.js', 'q', 'r/lib', '#own'],
  dependencies: ['a', '@scope/pkg', 'q', 'r'],
  complexity: 1 + 5 + 4 + 2 + 2 + 1,
} as const;

export const scriptSamples: Readonly<Record<string, Sample>> = {
  typescript: {
    ...SCRIPT_FACTS,
    source: TYPESCRIPT,
    functions: ['x', '#z', 'p', 'f', 'g', 'h', 'k'],
    classes: ['A', 'I', 'E'],
    lines: [19, 15, 3, 1],
  },
  tsx: {
    ...SCRIPT_FACTS,
    source: `${TYPESCRIPT}const View = () => <p>{/* comment */}// text</p>;\n`,
    functions: ['x', '#z', 'p', 'f', 'g', 'h', 'k', 'View'],
    classes: ['A', 'I', 'E'],
    lines: [20, 16, 3, 1],
  },
  javascript: {
    source: `import x from "x";\nconst y = require('./y');\nexport class C { m() {} field = () => x; static async s() {} }\nconst v = <b>{a && c}</b>; // end\nfunction* gen() {}\n`,
    functions: ['m', 'field', 's', 'gen'],
    classes: ['C'],
    imports: ['x', './y'],
    dependencies: ['x'],
    complexity: 2,
    lines: [5, 5, 0, 0],
  },
};
