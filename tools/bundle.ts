import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import type { ChunkingContext, CodeSplittingGroup, InputOptions, OutputOptions, Plugin } from 'rolldown';
import { PUBLIC_ENTRIES } from './entries.js';

const root = join(import.meta.dirname, '..');

/** The entry points that package.json names. */
const ENTRIES = [...PUBLIC_ENTRIES, 'cli'];

/** Loaded by URL, in threads of their own. Each is bundled separately: a thread must not load what it does not use. */
const THREADS = [
  'instrumentation/loading/loadThread',
  'handoff/storage/embedded/ownerThread',
  'handoff/codebase/thread/analysisThread',
  'handoff/server/admin/adminThread',
];

/** For `require` where ES modules cannot be loaded. */
const IDLE = 'idle';

/** The modules that everything else builds on. The test kit needs no more. */
const BASE =
  /[\\/]src[\\/](?:errors|time|values)[\\/]|[\\/]telemetry[\\/](?:catalogue[\\/]\w+|errorType|scope|semconv)\.ts$|[\\/]tools[\\/]ownAddress\.ts$/u;

/** The modules that both wings build on, as far as the services need them. */
const GROUND = /[\\/]src[\\/](?:telemetry|logging|variables)[\\/]/u;

/** What commands write their answers with: small, and shared by most of them. */
const RENDER = /[\\/]cli[\\/](?:render[\\/](?:bytesText|duration|paint|table|terminalColumns|width)|report[\\/]terminal[\\/]wrapped)\.ts$/u;

/** What every command has: small, and loaded with the first of them. */
const COMMAND = /[\\/]cli[\\/](?:packageInfo|usageError|usages)\.ts$/u;

/**
 * There are few chunks, since Node takes a third of a millisecond to find each; but `instrument()` loads no services, the services
 * and the test kit load no instrumentation, `handoff-otel/mcp` loads only the MCP part of it, and what is imported lazily stays
 * separate.
 */
const chunks: CodeSplittingGroup[] = [
  { name: 'base', priority: 4, test: BASE },
  { name: 'render', priority: 4, test: RENDER },
  { name: 'command', priority: 4, test: COMMAND },
  { debugName: 'ground', name: chunkOf('services', 'ground', GROUND), priority: 3 },
  { debugName: 'mcp', name: chunkOf('mcp', 'mcpInstrumentation'), priority: 2 },
  { debugName: 'instrument', name: chunkOf('instrumentation/instrument', 'instrument'), priority: 1 },
  { debugName: 'services', name: chunkOf('services', 'handoffServices'), priority: 0 },
];

/**
 * Names the chunk of everything that a source imports when it is loaded, including itself unless it is an entry; if `among` is
 * given, only of what matches it.
 */
function chunkOf(source: string, name: string, among = /./u): (id: string, context: ChunkingContext) => string | null {
  const start = join(root, 'src', `${source}.ts`);
  let reached: Set<string> | undefined;
  return (id, context) => {
    reached ??= importsOf(start, context);
    return reached.has(id) && among.test(id) && !(id === start && ENTRIES.includes(source)) ? name : null;
  };
}

function importsOf(id: string, context: ChunkingContext, reached = new Set<string>()): Set<string> {
  if (reached.has(id)) return reached;
  reached.add(id);
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) importsOf(imported, context, reached);
  return reached;
}

const OWN_ADDRESS = join(root, 'tools/ownAddress.ts').replaceAll(sep, '/');

/** How the sources name a file beside them: by its path relative to the file that names it. */
const ADDRESS = /new URL\((['`])(\.{1,2}\/[^'`]*)\1, import\.meta\.url\)/gu;

/** Bundled code is at the top of the folder; addresses have to be relative to that. See `tools/ownAddress.ts`. */
const addresses: Plugin = {
  name: 'addresses',
  transform(source, id) {
    const place = relative(join(root, 'src'), dirname(id)).replaceAll(sep, '/');
    const code = source.replaceAll(ADDRESS, (_, quote: string, path: string) => `ownAddress(${quote}./${posix.join(place, path)}${quote})`);
    // On the first line, without a map: every line keeps its number.
    return code === source ? undefined : { code: `import { ownAddress } from '${OWN_ADDRESS}'; ${code}`, map: null };
  },
};

/** Puts in the texts of the migrations where the sources have the path of their folder. */
const migrations: Plugin = {
  name: 'migrations',
  load(id) {
    if (id !== join(root, 'src/handoff/storage/migrate/packagedMigrations.ts')) return undefined;
    // The same as `migrationTexts.ts` reads.
    const names = readdirSync(join(root, 'migrations')).filter((name) => /^\d+_.*\.sql$/u.test(name));
    const texts = Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(root, 'migrations', name), 'utf8')]));
    return `export const packagedTexts = async () => (${JSON.stringify(texts, null, 1)});`;
  },
};

const BUILTIN_IMPORT = /^import (?:([\w$]+)(?:, )?)?(?:\* as ([\w$]+)|(\{[^}]*\}))? from ("node:[\w/]+");$/gmu;

/**
 * Takes the place of Node's modules where Node does not provide them this way, before 20.16 and 22.3: any property of it, call or
 * construction gives itself. Our files can then be loaded, and `instrument()` reports the problem
 * (`src/instrumentation/idleHandle.ts`), where an exception would end the host.
 */
const ABSENT =
  'const absentModule = new Proxy(function () {}, { get: () => absentModule, apply: () => absentModule, construct: () => absentModule });';

/**
 * Takes Node's modules from `process.getBuiltinModule` instead of importing them: the first `import` of a module reads all its
 * properties, and the getters of some load half of Node. Those of `node:http` load fetch and HTTP/2: 12 ms for nothing. Delete when
 * the oldest supported Node no longer does so. It uses `globalThis`, since a source may have a `process` of its own.
 */
const builtins: Plugin = {
  name: 'builtins',
  renderChunk(source) {
    let before = `${ABSENT} `;
    const code = source.replaceAll(BUILTIN_IMPORT, (_, whole?: string, all?: string, some?: string, name = '') => {
      const taken = [whole, all, some?.replaceAll(' as ', ': ')]
        .flatMap((names) =>
          names === undefined ? [] : [`const ${names} = globalThis.process.getBuiltinModule?.(${name}) ?? absentModule;`],
        )
        .join(' ');
      const line = before + taken;
      before = '';
      return line;
    });
    const [left] = /^(?:im|ex)port .*"node:.*/mu.exec(code) ?? [];
    if (left !== undefined) throw new Error(`tools/bundle.ts does not support this form of importing a Node module: ${left}`);
    return { code, map: null };
  },
};

const input: InputOptions = {
  cwd: root,
  platform: 'node',
  // Packages stay external and come from the user's installation.
  external: (id) => !/^[./]/u.test(id),
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  plugins: [migrations, addresses, builtins],
  // On a slow machine it reports what took long, which is no fault of the sources.
  checks: { bundlerTimings: false },
  onLog: (_level, { message }) => {
    throw new Error(message);
  },
};

const output: OutputOptions = {
  format: 'esm',
  minify: false,
  minifyInternalExports: false,
  // They are a quarter of the packed code; the declaration files have those that users read.
  comments: { jsdoc: false },
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
};

/**
 * Writes the JavaScript of the package into `folder`.
 *
 * @param extra further entries, as paths below `src` without `.ts`, for measurements of parts
 * @param sourcemap whether to write source maps beside the code
 */
export async function bundle(folder: string, extra: readonly string[] = [], sourcemap = false): Promise<void> {
  await write(folder, [...ENTRIES, ...extra], { codeSplitting: { groups: chunks }, sourcemap });
  for (const thread of THREADS) await write(folder, [thread], { codeSplitting: false, sourcemap });
  await write(folder, [IDLE], { codeSplitting: false, format: 'cjs', entryFileNames: '[name].cjs' }, []);
}

async function write(folder: string, names: readonly string[], options: OutputOptions, plugins = input.plugins): Promise<void> {
  const built = await rolldown({ ...input, plugins, input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])) });
  try {
    await built.write({ ...output, ...options, dir: folder });
  } finally {
    await built.close();
  }
}
