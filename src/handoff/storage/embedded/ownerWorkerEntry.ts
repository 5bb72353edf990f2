/** File of the worker thread and how to start it. */
export interface OwnerWorkerEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/** The thread's file next to this one: `.js` in the package, `.ts` in the repository. */
export function ownerWorkerEntry(): OwnerWorkerEntry {
  // A CommonJS bundle has no `import.meta.url`.
  const here: unknown = import.meta.url;
  const extension = typeof here === 'string' && here.endsWith('.ts') ? '.ts' : '.js';
  return { url: new URL(`./ownerThread${extension}`, import.meta.url), execArgv: extension === '.ts' ? ['--import', sourceResolver] : [] };
}

// From source only: Node strips the types itself but does not find `x.ts` for `import './x.js'`. Delete this when it does.
const sourceResolver = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve: (specifier, context, next) =>
    next(specifier.startsWith('.') && context.parentURL?.endsWith('.ts') ? specifier.replace(/\\.js$/, '.ts') : specifier, context) });
`)}`;
