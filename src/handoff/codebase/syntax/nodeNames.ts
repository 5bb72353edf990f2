import type { Node } from '@vscode/tree-sitter-wasm';
import type { Language } from '../languages/language.js';

/** Longest name that is kept, in UTF-16 code units. */
const MAX_NAME_LENGTH = 200;
/** A declarator of C can be a pointer to an array of functions, but not so deep. */
const MAX_DECLARATORS = 20;

/** Name of what the node defines. */
export function nameOf(node: Node, language: Language): string | undefined {
  const name = node.childForFieldName('name') ?? declared(node) ?? childOfType(node, language.nameTypes ?? []);
  return name === null ? undefined : shortText(name);
}

/** C and C++ have the name within what it is declared as: `int *f(void)`. */
function declared(node: Node): Node | null {
  let inner = node.childForFieldName('declarator');
  for (let depth = 0; inner !== null && depth < MAX_DECLARATORS; depth += 1) {
    const next: Node | null = inner.childForFieldName('declarator') ?? (inner.type === 'reference_declarator' ? inner.namedChild(0) : null);
    if (next === null) return inner;
    inner = next;
  }
  return inner;
}

function childOfType(node: Node, types: readonly string[]): Node | null {
  return types.length === 0 ? null : (node.namedChildren.find((child) => child !== null && types.includes(child.type)) ?? null);
}

/** Text of a name, on one line; a file with syntax errors can have a page of code in place of a name. */
export function shortText(node: Node): string {
  return node.text.slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll(/\s+/gu, ' ').trim();
}
