// Bundles a program with esbuild, rolldown and webpack, into ES modules and CommonJS. Any bundler warning about us is a failure, except
// that an optional package is not installed.
//
//   node build.mjs <program> <folder>
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import webpack from 'webpack';

const [name, folder] = process.argv.slice(2);
const input = resolve(`programs/${name}.mjs`);
const OPTIONAL =
  /(?:pg|pg-boss|cockatiel|zod|ioredis|lru-cache|hdr-histogram-js|@electric-sql\/pglite|@aws-sdk\/client-s3|@vscode\/tree-sitter-wasm)\b/u;

function refuse(bundler, messages) {
  const bad = messages.filter((message) => !OPTIONAL.test(message));
  if (bad.length > 0) throw new Error(`${bundler}:\n${bad.join('\n')}`);
}

// esbuild leaves the `require` calls of CommonJS packages in ES modules, so pg needs a `require` there.
const REQUIRE = "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

async function byEsbuild(format, file) {
  const banner = name === 'server' && format === 'esm' ? { banner: { js: REQUIRE } } : {};
  const { warnings } = await build({
    entryPoints: [input],
    bundle: true,
    platform: 'node',
    format,
    outfile: file,
    logLevel: 'silent',
    ...banner,
  });
  // The warning about CommonJS without `import.meta.url` is expected: we have a substitute for it.
  refuse(
    'esbuild',
    warnings.filter(({ id }) => id !== 'empty-import-meta').map(({ text }) => text),
  );
}

async function byRolldown(format, file) {
  const messages = [];
  const bundle = await rolldown({ input, platform: 'node', onLog: (_, { message }) => messages.push(message) });
  await bundle.write({ format, file, codeSplitting: false });
  refuse('rolldown', messages);
}

function byWebpack(format, file) {
  const isEsm = format === 'esm';
  const options = {
    entry: input,
    mode: 'production',
    target: 'node24',
    experiments: { outputModule: isEsm },
    output: { path: resolve(folder), filename: file.slice(folder.length + 1), module: isEsm, chunkFormat: isEsm ? 'module' : 'commonjs' },
  };
  return new Promise((done, fail) => {
    webpack(options, (error, stats) => {
      const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
      if (error !== null) fail(error);
      else if (errors.length > 0) fail(new Error(`webpack:\n${errors.map(({ message }) => message).join('\n')}`));
      else {
        try {
          refuse(
            'webpack',
            warnings.map(({ message }) => message),
          );
          done();
        } catch (problem) {
          fail(problem);
        }
      }
    });
  });
}

for (const [bundler, run] of [
  ['esbuild', byEsbuild],
  ['rolldown', byRolldown],
  ['webpack', byWebpack],
])
  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ])
    await run(format, join(folder, `${bundler}-${name}.${extension}`));
