import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Lets plain Node run our TypeScript sources: they import each other as `.js`, which exists only in dist.
registerHooks({
  resolve(specifier, context, nextResolve) {
    // Checked here first: Node's own search for a missing file, and its error, are half the cost of loading our sources.
    // A query makes Node load a second copy of a source.
    if (specifier.startsWith('.') && specifier.endsWith('.js') && /\.ts(?:\?|$)/u.test(context.parentURL ?? '')) {
      const source = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL);
      if (existsSync(source)) return { url: source.href, shortCircuit: true };
    }
    return nextResolve(specifier, context);
  },
});
