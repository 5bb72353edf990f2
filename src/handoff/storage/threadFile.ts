/** How the file of a worker thread is found and run. */
export interface ThreadFile {
  /** `.js` in the package, `.ts` in the repository. */
  readonly extension: '.js' | '.ts';
  readonly execArgv: readonly string[];
}

/** The same for every thread: all our files are either sources or built. */
export function threadFile(): ThreadFile {
  // A CommonJS bundle has no `import.meta.url`.
  const here: unknown = import.meta.url;
  const extension = typeof here === 'string' && here.endsWith('.ts') ? '.ts' : '.js';
  return { extension, execArgv: extension === '.ts' ? ['--import', sourceResolver] : [] };
}

// From source only: Node strips the types itself but does not find `x.ts` for `import './x.js'`. Delete this when it does.
const sourceResolver = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve: (specifier, context, next) =>
    next(specifier.startsWith('.') && context.parentURL?.endsWith('.ts') ? specifier.replace(/\\.js$/, '.ts') : specifier, context) });
`)}`;
