import type { Language as Grammar } from '@vscode/tree-sitter-wasm';
import type { ImportRule, Language } from '../languages/language.js';

/** What one type of node means; several at once for some. */
export interface NodeRule {
  /** From 1. */
  readonly number: number;
  readonly isComment: boolean;
  readonly isFunction: boolean;
  readonly isHolder: boolean;
  readonly isClass: boolean;
  readonly isDecision: boolean;
  /** Types of its children that are decisions. */
  readonly decidingTokens: ReadonlySet<number>;
  readonly imports: readonly ImportRule[];
}

/** A language with the numbers that its grammar has for the types: comparing numbers is what makes a walk over a million nodes fast. */
export interface CompiledLanguage {
  readonly language: Language;
  /** By the number of the type. */
  readonly rules: ReadonlyMap<number, NodeRule>;
  /** By the number of the rule. */
  ruleOf(number: number | undefined): NodeRule | undefined;
}

/** @throws Error for a type that the grammar does not have */
export function compile(language: Language, grammar: Grammar): CompiledLanguage {
  const idOf = (type: string, isNamed: boolean): number => {
    const id = grammar.idForNodeType(type, isNamed);
    if (id === null) throw new Error(`The grammar ${language.grammar} has no node ${type}.`);
    return id;
  };
  const { functionValues, decidingTokens } = language;
  const within = decidingTokens?.within ?? [];
  const tokens = new Set((decidingTokens?.tokens ?? []).map((token) => idOf(token, false)));
  const types = new Set([
    ...language.comments,
    ...language.functions,
    ...(functionValues?.holders ?? []),
    ...language.classes,
    ...language.decisions,
    ...within,
    ...language.imports.map(({ node }) => node),
  ]);
  const rules = new Map(
    [...types].map((type, index) => {
      const rule: NodeRule = {
        number: index + 1,
        isComment: language.comments.includes(type),
        isFunction: language.functions.includes(type),
        isHolder: functionValues?.holders.includes(type) ?? false,
        isClass: language.classes.includes(type),
        isDecision: language.decisions.includes(type),
        decidingTokens: within.includes(type) ? tokens : NONE,
        imports: language.imports.filter(({ node }) => node === type),
      };
      return [idOf(type, true), rule] as const;
    }),
  );
  const numbered = [...rules.values()];
  return { language, rules, ruleOf: (number = 0) => numbered[number - 1] };
}

const NONE: ReadonlySet<number> = new Set();
