import type { Node } from '@vscode/tree-sitter-wasm';
import type { ImportRule } from '../languages/language.js';
import { firstChildren, shortText } from './nodeNames.js';

/** A literal text in any of the languages; C and C++ keep the angle brackets, which say that the file is not of this project. */
const QUOTED = /^[a-z]{0,2}(["'`])([^]*)\1$/iu;

/** Names of the modules that a node imports by one of the rules for its type. */
export function importedModules(node: Node, rule: ImportRule): string[] {
  return nodesOf(node, rule)
    .map((found) => moduleName(shortText(found)))
    .filter((name) => name !== '');
}

function nodesOf(node: Node, rule: ImportRule): Node[] {
  if ('field' in rule) return present([node.childForFieldName(rule.field)]);
  if ('children' in rule) {
    const name = node.childForFieldName('name');
    // Names that are given to what is imported are fields.
    const children = firstChildren(node).filter((child) => rule.children.includes(child.type));
    const { childField } = rule;
    if (childField !== undefined) return present(children.map((child) => child.childForFieldName(childField) ?? lastNamed(child)));
    return rule.node === 'using_directive' && name !== null ? children.filter((child) => child.id !== name.id) : children;
  }
  const callee = node.childForFieldName(rule.calleeField);
  if (callee === null || !rule.callees.includes(shortText(callee))) return [];
  const words = argumentsOf(node).filter((each) => each.id !== callee.id);
  return words.filter((each) => rule.unquoted === true || QUOTED.test(shortText(each))).slice(0, 1);
}

/** Some grammars have the arguments of a call in a node of their own, others beside the function. */
function argumentsOf(call: Node): Node[] {
  const list = call.childForFieldName('arguments') ?? call.childForFieldName('command_elements');
  return firstChildren(list ?? call).filter((child) => child.type !== 'command_argument_sep');
}

function lastNamed(node: Node): Node | null {
  return node.namedChild(node.namedChildCount - 1);
}

function moduleName(text: string): string {
  return (QUOTED.exec(text)?.[2] ?? text.replace(/^\(([^]*)\)$/u, '$1')).trim();
}

function present(nodes: readonly (Node | null)[]): Node[] {
  return nodes.filter((node) => node !== null);
}
