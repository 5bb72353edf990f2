import type { Tree } from '@vscode/tree-sitter-wasm';
import type { CompiledLanguage, NodeRule } from './compile.js';
import { importedModules } from './importedModules.js';
import { nameOf } from './nodeNames.js';

/** What a syntax tree says about its file. Lists are in the order of the file; modules occur once. */
export interface SyntaxFacts {
  readonly functions: readonly string[];
  readonly classes: readonly string[];
  readonly imports: ReadonlySet<string>;
  readonly decisions: number;
  /** Where each comment begins and ends in the text, in order. */
  readonly comments: readonly (readonly [start: number, end: number])[];
}

/**
 * Visits each node once, by a cursor, which needs no recursion and takes a time in proportion to the file: queries of the library
 * take a time in proportion to the square of the number of nodes for some files, such as one of opening brackets alone.
 */
export function walk(tree: Tree, compiled: CompiledLanguage): SyntaxFacts {
  const facts = {
    functions: [] as string[],
    classes: [] as string[],
    imports: new Set<string>(),
    decisions: 0,
    comments: [] as [number, number][],
  };
  const cursor = tree.walk();
  const within: (NodeRule | undefined)[] = [];
  try {
    for (;;) {
      const type = cursor.nodeTypeId;
      const rule = compiled.rules.get(type);
      if (within.at(-1)?.decidingTokens.has(type) === true) facts.decisions += 1;
      if (rule?.isComment === true) facts.comments.push([cursor.startIndex, cursor.endIndex]);
      else {
        if (rule !== undefined) note(cursor.currentNode, rule);
        if (cursor.gotoFirstChild()) {
          within.push(rule);
          continue;
        }
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return facts;
        within.pop();
      }
    }
  } finally {
    cursor.delete();
  }

  function note(node: Tree['rootNode'], rule: NodeRule): void {
    const { language } = compiled;
    if (rule.isDecision) facts.decisions += 1;
    if (rule.isFunction || holdsFunction(node, rule, compiled)) add(facts.functions, nameOf(node, language));
    if (rule.isClass && (language.classesHaveBodies !== true || node.childForFieldName('body') !== null))
      add(facts.classes, nameOf(node, language));
    for (const each of rule.imports) for (const module of importedModules(node, each)) facts.imports.add(module);
  }
}

function holdsFunction(node: Tree['rootNode'], rule: NodeRule, { language }: CompiledLanguage): boolean {
  return rule.isHolder && language.functionValues?.values.includes(node.childForFieldName('value')?.type ?? '') === true;
}

function add(names: string[], name: string | undefined): void {
  if (name !== undefined && name !== '') names.push(name);
}
