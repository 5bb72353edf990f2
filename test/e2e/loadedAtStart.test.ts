import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

// Time cannot be asserted on a busy machine; what takes it can. `npm run bench startup -- --check` measures.

interface Loaded {
  /** Packages with CommonJS modules in the cache. */
  readonly packages: readonly string[];
  /** Node's own modules. */
  readonly builtins: readonly string[];
  /** Addresses of ES modules that were asked for. */
  readonly urls: readonly string[];
}

/** What a process has loaded after `code`, to which `entry` is an entry of the built package. */
function loadedAfter(code: string, file = 'index'): Loaded {
  const program = `
    const { Module, registerHooks } = process.getBuiltinModule('node:module');
    const urls = [];
    registerHooks({ load: (url, context, nextLoad) => (urls.push(url), nextLoad(url, context)) });
    const entry = await import(${JSON.stringify(pathToFileURL(resolve(`dist/${file}.js`)).href)});
    ${code}
    const packages = new Set(Object.keys(Module._cache).map((file) => /.*node_modules[\\\\/]((?:@[^\\\\/]+[\\\\/])?[^\\\\/]+)/.exec(file)?.[1]?.replace('\\\\', '/')));
    const builtins = process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')).map((name) => name.slice(13));
    process.stdout.write(JSON.stringify({ packages: [...packages], builtins, urls }));
    process.exit();`;
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env })) as Loaded;
}

/** `import` of `node:http` would load it. */
const FETCH = 'internal/deps/undici/undici';

/** File names of ours, and names of packages, among the modules that were asked for. */
function namesOf({ urls }: Loaded): { readonly ours: string[]; readonly packages: string[] } {
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(url)?.[1] ?? []);
  const ours = urls
    .filter((url) => url.includes('/dist/') && !url.includes('/node_modules/'))
    .map((url) => url.slice(url.lastIndexOf('/') + 1));
  return { ours: ours.sort(), packages: [...new Set(packages)].sort() };
}

// Which files of ours make up each entry, and which packages each needs only to be imported.
it.each([
  { entry: 'index', files: ['base.js', 'ground.js', 'index.js', 'instrument.js', 'mcpInstrumentation.js'], needs: ['@opentelemetry/api'] },
  { entry: 'mcp', files: ['base.js', 'ground.js', 'mcp.js', 'mcpInstrumentation.js'], needs: ['@opentelemetry/api'] },
  { entry: 'services', files: ['base.js', 'ground.js', 'handoffServices.js', 'services.js'], needs: ['@opentelemetry/api'] },
  { entry: 'testing', files: ['base.js', 'metricAssertions.js', 'otlpReceiver.js', 'testing.js'], needs: [] },
])('importing $entry loads these files of ours, and these packages', ({ entry, files, needs }) => {
  const loaded = loadedAfter('', entry);
  expect(namesOf(loaded)).toEqual({ ours: files, packages: needs });
  expect(loaded.packages).toEqual([]);
  expect(loaded.builtins).not.toContain(FETCH);
});

it('importing server loads no instrumentation, no SDK of OpenTelemetry and no database', () => {
  const loaded = loadedAfter('', 'server');
  const { ours, packages } = namesOf(loaded);
  expect(ours).not.toContain('instrument.js');
  expect(ours).not.toContain('mcpInstrumentation.js');
  expect(packages).toContain('@modelcontextprotocol/server');
  expect(
    [...packages, ...loaded.packages].filter((name) =>
      /^(?:@opentelemetry\/(?!api$)|pg$|ioredis$|pino$|lru-cache$|@electric-sql)/u.test(name),
    ),
  ).toEqual([]);
});

it('McpInstrumentation loads nothing more when it is enabled', () => {
  const loaded = loadedAfter('new entry.McpInstrumentation();', 'mcp');
  expect(namesOf(loaded).packages).toEqual(['@opentelemetry/api']);
  expect(loaded.packages).toEqual([]);
});

it('instrument() loads no gRPC, no YAML, no zod, and of Node neither fetch nor HTTP/2', () => {
  const { packages, builtins, urls } = loadedAfter('entry.instrument();');
  expect(packages).toContain('@opentelemetry/sdk-node');
  const heavy = [
    '@grpc/grpc-js',
    '@opentelemetry/configuration',
    '@opentelemetry/exporter-zipkin',
    '@opentelemetry/otlp-grpc-exporter-base',
    'yaml',
    'zod',
    'protobufjs',
    'pino',
    'pg',
    'ioredis',
    'lru-cache',
  ];
  expect(packages.filter((name) => heavy.includes(name))).toEqual([]);
  expect(urls.filter((url) => heavy.some((name) => url.includes(`/node_modules/${name}/`)))).toEqual([]);
  expect(builtins).not.toContain(FETCH);
  expect(builtins).not.toContain('http2');
});
