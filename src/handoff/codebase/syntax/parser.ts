import type { Language as Grammar, Parser } from '@vscode/tree-sitter-wasm';
import { fileURLToPath } from 'node:url';
import { loadPeer } from '../../storage/loadPeer.js';
import type { Language } from '../languages/language.js';
import { compile } from './compile.js';
import type { CompiledLanguage } from './compile.js';
import { walk } from './walk.js';
import type { SyntaxFacts } from './walk.js';

/**
 * Memory of the parser in 64 KiB pages. A file of a hundred kilobytes that opens generic types without end makes it ask for
 * gigabytes; when it does not get them it aborts, and its thread is replaced.
 */
const FIRST_PAGES = 512;
const MAX_PAGES = 8192;

/** The types of Node do not have it. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => object };
};

export interface SyntaxParser {
  /** Returns what the text's syntax tree says, and whether parts of it do not follow the grammar. */
  read(text: string, language: Language): Promise<{ readonly facts: SyntaxFacts; readonly hasErrors: boolean }>;
}

/** Loads the parser. After `read` has thrown, its memory is in an unknown state and it must not be used again. */
export async function openParser(): Promise<SyntaxParser> {
  const { default: library } = await loadPeer('@vscode/tree-sitter-wasm');
  const wasmMemory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MAX_PAGES });
  await library.Parser.init({ wasmMemory, locateFile: wasmFile } as Parameters<typeof Parser.init>[0]);
  const parser = new library.Parser();
  const grammars = new Map<string, Grammar>();
  const compiled = new Map<Language, CompiledLanguage>();
  const load = async ({ grammar: name }: Language): Promise<Grammar> => {
    const grammar = grammars.get(name) ?? (await library.Language.load(wasmFile(`tree-sitter-${name}.wasm`)));
    grammars.set(name, grammar);
    return grammar;
  };
  return {
    read: async (text, language) => {
      const grammar = await load(language);
      const rules = compiled.get(language) ?? compile(language, grammar);
      compiled.set(language, rules);
      parser.setLanguage(grammar);
      const tree = parser.parse(text);
      if (tree === null) throw new Error('The parser returned no tree.');
      try {
        return { facts: walk(tree, rules), hasErrors: tree.rootNode.hasError };
      } finally {
        tree.delete();
      }
    },
  };
}

/** The grammars lie beside the parser. */
function wasmFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.resolve('@vscode/tree-sitter-wasm')));
}
