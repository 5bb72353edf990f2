/** How the syntax tree of one language is read. Types are those of its grammar; a test checks that the grammar has each. */
export interface Language {
  readonly name: string;
  /** Its grammar in `@vscode/tree-sitter-wasm`. */
  readonly grammar: string;
  /** Endings of file names, without the dot, in lower case. */
  readonly extensions: readonly string[];
  readonly comments: readonly string[];
  /** Nodes that define a function with a name. */
  readonly functions: readonly string[];
  /** Nodes that give a name to their field `value`, and the values that are functions. */
  readonly functionValues?: { readonly holders: readonly string[]; readonly values: readonly string[] };
  readonly classes: readonly string[];
  /** Whether `struct s` without a body only mentions a class. */
  readonly classesHaveBodies?: true;
  /** Children that are the name where no field says so. */
  readonly nameTypes?: readonly string[];
  /** Nodes that each add a way through the code. */
  readonly decisions: readonly string[];
  /** Words and signs that do so, within these nodes; elsewhere the same sign can mean something else. */
  readonly decidingTokens?: { readonly tokens: readonly string[]; readonly within: readonly string[] };
  readonly imports: readonly ImportRule[];
  /** Name of the package that an imported module belongs to; nothing for a file of the same project. */
  packageOf(module: string): string | undefined;
}

/** Where in a node the name of an imported module is. */
export type ImportRule =
  /** In a field of it. */
  | { readonly node: string; readonly field: string }
  /** In its children of these types, or in their field of the given name. */
  | { readonly node: string; readonly children: readonly string[]; readonly childField?: string }
  /** In the first quoted text, or with `unquoted` in the first argument, of a call of one of these functions. */
  | { readonly node: string; readonly calleeField: string; readonly callees: readonly string[]; readonly unquoted?: true };
