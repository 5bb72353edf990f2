import type { Node } from '@vscode/tree-sitter-wasm';
import type { Language } from '../languages/language.js';

/** Longest name that is kept, in UTF-16 code units. */
const MAX_NAME_LENGTH = 200;
/** So many names a list of imports can have. */
const MAX_CHILDREN = 500;
/** A declarator of C can be a pointer to an array of functions, but not so deep. */
const MAX_DECLARATORS = 20;

/** Name of what the node defines. */
export function nameOf(node: Node, language: Language): string | undefined {
  const name =
    node.childForFieldName('name') ?? node.childForFieldName('property') ?? declared(node) ?? childOfType(node, language.nameTypes ?? []);
  return name === null ? undefined : shortText(name);
}

/** Declarators whose inner one has no field. */
const WRAPPERS: ReadonlySet<string> = new Set(['reference_declarator', 'parenthesized_declarator']);

/** C and C++ have the name within what it is declared as: `int *f(void)`. */
function declared(node: Node): Node | null {
  let inner = node.childForFieldName('declarator');
  for (let depth = 0; inner !== null && depth < MAX_DECLARATORS; depth += 1) {
    const next: Node | null = inner.childForFieldName('declarator') ?? (WRAPPERS.has(inner.type) ? inner.namedChild(0) : null);
    if (next === null) return inner;
    inner = next;
  }
  return inner;
}

function childOfType(node: Node, types: readonly string[]): Node | null {
  return types.length === 0 ? null : (firstChildren(node).find((child) => types.includes(child.type)) ?? null);
}

/** The first children of a node that have names. A node can have a million, and fetching them all would fill the heap. */
export function firstChildren(node: Node): Node[] {
  const count = Math.min(node.namedChildCount, MAX_CHILDREN);
  return Array.from({ length: count }, (_, index) => node.namedChild(index)).filter((child) => child !== null);
}

/** Text of a name, on one line; a file with syntax errors can have a page of code in place of a name. */
export function shortText(node: Node): string {
  return node.text.slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll(/\s+/gu, ' ').trim();
}
