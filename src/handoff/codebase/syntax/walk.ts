import type { Node, Tree } from '@vscode/tree-sitter-wasm';
import type { Language } from '../languages/language.js';
import type { CompiledLanguage, NodeRule } from './compile.js';
import { importedModules } from './importedModules.js';
import { NameList } from './nameList.js';
import { nameOf } from './nodeNames.js';
import { Numbers } from './numbers.js';

/** What a syntax tree says about its file. Lists are in the order of the file. */
export class SyntaxFacts {
  readonly functions = new NameList(false);
  readonly classes = new NameList(false);
  readonly imports = new NameList(true);
  /** Packages that the modules belong to. */
  readonly dependencies = new NameList(true);
  decisions = 0;
  /** Where each comment begins and where it ends in the text, by turns. */
  readonly comments = new Numbers();
}

/**
 * Visits each node once, by a cursor, which needs no recursion and takes a time in proportion to the file: queries of the library
 * take a time in proportion to the square of the number of nodes for some files, such as one of opening brackets alone.
 */
export function walk(tree: Tree, { language, rules, ruleOf }: CompiledLanguage): SyntaxFacts {
  const facts = new SyntaxFacts();
  const cursor = tree.walk();
  const parents = new Numbers();
  try {
    for (;;) {
      const type = cursor.nodeTypeId;
      if (ruleOf(parents.at(-1))?.decidingTokens.has(type) === true) facts.decisions += 1;
      const rule = rules.get(type);
      if (rule?.isComment === true) {
        facts.comments.push(cursor.startIndex);
        facts.comments.push(cursor.endIndex);
      } else {
        if (rule !== undefined) note(cursor.currentNode, rule, language, facts);
        if (cursor.gotoFirstChild()) {
          parents.push(rule?.number ?? 0);
          continue;
        }
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return facts;
        parents.pop();
      }
    }
  } finally {
    cursor.delete();
  }
}

function note(node: Node, rule: NodeRule, language: Language, facts: SyntaxFacts): void {
  if (rule.isDecision) facts.decisions += 1;
  if (rule.isFunction || holdsFunction(node, rule, language)) facts.functions.add(nameOf(node, language));
  if (rule.isClass && (language.classesHaveBodies !== true || node.childForFieldName('body') !== null))
    facts.classes.add(nameOf(node, language));
  for (const each of rule.imports)
    for (const module of importedModules(node, each)) {
      facts.imports.add(module);
      facts.dependencies.add(language.packageOf(module));
    }
}

function holdsFunction(node: Node, rule: NodeRule, language: Language): boolean {
  return rule.isHolder && language.functionValues?.values.includes(node.childForFieldName('value')?.type ?? '') === true;
}
