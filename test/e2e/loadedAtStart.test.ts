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

/** What a process has loaded after `code`, to which `index` is the built package. */
function loadedAfter(code: string): Loaded {
  const program = `
    const { Module, registerHooks } = process.getBuiltinModule('node:module');
    const urls = [];
    registerHooks({ load: (url, context, nextLoad) => (urls.push(url), nextLoad(url, context)) });
    const index = await import(${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)});
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

it("importing the package loads OpenTelemetry's API and a few files of ours, and nothing else", () => {
  const { packages, builtins, urls } = loadedAfter('');
  expect(packages).toEqual([]);
  expect(builtins).not.toContain(FETCH);
  const ours = urls.filter((url) => url.includes('/dist/') && !url.includes('/node_modules/'));
  expect(ours.length).toBeGreaterThan(0);
  expect(ours.length).toBeLessThan(10);
  expect(urls.filter((url) => url.includes('/node_modules/') && !url.includes('/node_modules/@opentelemetry/api/'))).toEqual([]);
});

it('instrument() loads no gRPC, no YAML, no zod, and of Node neither fetch nor HTTP/2', () => {
  const { packages, builtins, urls } = loadedAfter('index.instrument();');
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
