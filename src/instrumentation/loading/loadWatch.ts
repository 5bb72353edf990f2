/** Which files to inspect when they load, and what for. Plain data: it may have to travel to the loader's thread. */
export interface LoadPattern {
  /**
   * Tested against the module's URL without query and hash, or its path with slashes; so it must not contain `^`. Keep it narrow:
   * every match costs a scan of the source.
   */
  readonly files: RegExp;
  /** Classes and functions to hand over, declared at the start of a line at the module's top level. */
  readonly names: readonly string[];
}

export interface LoadedModule {
  /** Without query and hash. `file:` for everything that comes from disk. */
  readonly url: string;
  readonly format: 'esm' | 'cjs';
  /** The wanted names that this module has. Their kind is not checked. */
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * Replaces a function that the module declares by `value`, for the module itself and for all its importers. Returns false where
   * that is impossible (a class, a constant, a read-only export); nothing has changed then.
   */
  replace(name: string, value: unknown): boolean;
}

/** Notified of each matching module once it is evaluated and before those who asked for it go on. Its exceptions are swallowed. */
export type LoadListener = (module: LoadedModule) => void;
