import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { unmetRequirement } from '../../src/instrumentation/loading/supportedNode.js';

const dist = resolve('dist');
const ENTRIES = ['index', 'register', 'mcp', 'services', 'server', 'testing'] as const;

function run(code: string, format = 'module', flags: readonly string[] = []) {
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
    HANDOFF_FLUSH_TIMEOUT_MS: '200',
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, `--input-type=${format}`, '-e', code], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

/** What a `.cjs` asks for on a version of Node. */
function askedFor(entry: string, version: string, isInternalThread: boolean): string[] {
  const asked: string[] = [];
  const require = (name: string): object => {
    asked.push(name);
    return { unavailableExports: () => ({}), registerUnavailable: () => {} };
  };
  runInNewContext(readFileSync(join(dist, `${entry}.cjs`), 'utf8'), {
    process: { versions: { node: version }, getBuiltinModule: () => ({ isInternalThread }) },
    require,
    module: {},
  });
  return asked;
}

describe.each(ENTRIES)('%s.cjs', (entry) => {
  it.each(['18.20.8', '20.20.2', '22.14.0', '22.15.0', '23.6.1', '23.7.0', '24.0.0', '26.10.0'])(
    'hands on the ES module where it can be had: Node %s',
    (version) => {
      const es = unmetRequirement(version) === undefined;
      expect(askedFor(entry, version, false)).toEqual([es ? `./${entry}.js` : './idle.cjs']);
      expect(askedFor(entry, version, true)).toEqual(['./idle.cjs']);
    },
  );
});

it('command and module agree about versions of Node', () => {
  const [condition = ''] = /(?<=^if \().*(?=\) \{$)/mu.exec(readFileSync('src/cli.ts', 'utf8')) ?? [];
  for (const version of ['18.20', '20.20', '22.14', '22.15', '23.6', '23.7', '24.0', '26.10']) {
    const [major, minor] = version.split('.').map(Number);
    expect([version, runInNewContext(condition, { major, minor })]).toEqual([version, unmetRequirement(version) === undefined]);
  }
});

it.each(['index', 'mcp', 'services', 'server', 'testing'])('%s.cjs gives what `import` gives: one copy', (entry) => {
  const required = createRequire(import.meta.url)(join(dist, `${entry}.cjs`)) as object;
  const program = `
    import { createRequire } from 'node:module';
    const imported = await import(${JSON.stringify(pathToFileURL(join(dist, `${entry}.js`)).href)});
    const required = createRequire(${JSON.stringify(join(dist, 'x.js'))})('./${entry}.cjs');
    const names = Object.keys(imported);
    process.stdout.write(JSON.stringify([names, names.filter((name) => imported[name] !== required[name])]));`;
  expect(JSON.parse(run(program).stdout)).toEqual([Object.keys(required).filter((name) => name !== '__esModule'), []]);
});

it('import and require share one instrumentation', () => {
  const program = `
    import { createRequire } from 'node:module';
    import { instrument } from ${JSON.stringify(pathToFileURL(join(dist, 'index.js')).href)};
    const require = createRequire(${JSON.stringify(join(dist, 'x.js'))});
    const handle = instrument();
    require('./register.cjs');
    process.stdout.write(String(handle === require('./index.cjs').instrument()));
    process.exit();`;
  expect(run(program)).toMatchObject({ status: 0, stdout: 'true', stderr: '' });
});

describe('a process that refuses to require ES modules', () => {
  const REFUSING = ['--no-experimental-require-module'];
  const LINE =
    'handoff-otel is made of ES modules, and this process refuses to require() them (under Jest, start Node with ' +
    '--experimental-vm-modules; otherwise without --no-experimental-require-module); telemetry stays off.\n';

  it.each([
    [
      'index',
      `const handle = require(FILE).instrument(); console.log(handle.status().state, require(FILE).instrument() === handle);`,
      'failed true',
    ],
    ['register', `require(FILE); console.log('the program');`, 'the program'],
    [
      'mcp',
      `const { McpInstrumentation } = require(FILE); new McpInstrumentation(); console.log(new McpInstrumentation().getConfig().enabled);`,
      'true',
    ],
  ])('runs without telemetry, which one line says: %s.cjs', (entry, program, stdout) => {
    const code = program.replaceAll('FILE', JSON.stringify(join(dist, `${entry}.cjs`)));
    expect(run(code, 'commonjs', REFUSING)).toEqual({ status: 0, stdout: `${stdout}\n`, stderr: LINE });
  });

  it('gets the handle of telemetry that an import has started', () => {
    const register = pathToFileURL(join(dist, 'register.js')).href;
    const code = `console.log(require(${JSON.stringify(join(dist, 'index.cjs'))}).instrument().status().state); process.exit();`;
    expect(run(code, 'commonjs', [...REFUSING, '--import', register])).toMatchObject({ status: 0, stdout: 'active\n', stderr: '' });
  });

  it.each(['services', 'server', 'testing'])('is told by Node when it requires what needs them: %s.cjs', (entry) => {
    const { status, stderr } = run(`require(${JSON.stringify(join(dist, `${entry}.cjs`))});`, 'commonjs', REFUSING);
    expect({ status, isNamed: stderr.includes('ERR_REQUIRE_ESM') }).toEqual({ status: 1, isNamed: true });
  });
});

describe('a version of Node that is too old', () => {
  /** Takes from this Node what 18 lacks. The matrix runs the real ones. */
  const OLD = `data:text/javascript,${encodeURIComponent(`
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });
    process.getBuiltinModule = undefined;
    Promise.withResolvers = Array.prototype.toSorted = Array.prototype.toReversed = Array.prototype.toSpliced = Array.prototype.with = undefined;`)}`;
  const LINE = 'handoff-otel needs Node 22.15 or newer; this is 18.20; telemetry stays off.\n';

  it.each(ENTRIES.filter((entry) => entry !== 'server'))('can load %s.js', (entry) => {
    const { status, stderr } = run(`await import(${JSON.stringify(pathToFileURL(join(dist, `${entry}.js`)).href)});`, 'module', [
      '--import',
      OLD,
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: entry === 'register' ? LINE : '' });
  });

  it.each([
    ['module', `const { instrument } = await import(${JSON.stringify(pathToFileURL(join(dist, 'index.js')).href)});`],
    ['commonjs', `const { instrument } = require(${JSON.stringify(join(dist, 'index.cjs'))});`],
  ])('is named in one line, once, and all else works without telemetry: %s', (format, load) => {
    const program = `(async () => { ${load}
      const handle = instrument({ serviceName: 5 });
      handle.instrumentServer(handle.tracer.startSpan('span'));
      const { state } = handle.status();
      const isSame = instrument({ serviceName: 'other' }) === handle;
      await handle.flush();
      await handle.shutdown();
      process.stdout.write(JSON.stringify([state, isSame, handle.status().state]));
    })();`;
    expect(run(program, format, ['--import', OLD])).toEqual({ status: 0, stdout: '["failed",true,"shut down"]', stderr: LINE });
  });

  it.each([
    ['module', `const { McpInstrumentation } = await import(${JSON.stringify(pathToFileURL(join(dist, 'mcp.js')).href)});`],
    ['commonjs', `const { McpInstrumentation } = require(${JSON.stringify(join(dist, 'mcp.cjs'))});`],
  ])('leaves McpInstrumentation without effect, and any SDK can take it: %s', (format, load) => {
    const program = `(async () => { ${load}
      const instrumentation = new McpInstrumentation();
      new McpInstrumentation();
      instrumentation.setTracerProvider({ getTracer: () => ({}) });
      instrumentation.setMeterProvider({ getMeter: () => ({}) });
      instrumentation.setLoggerProvider({});
      const server = {};
      const isSame = instrumentation.instrumentServer(server) === server;
      instrumentation.disable();
      instrumentation.enable();
      process.stdout.write(JSON.stringify([instrumentation.instrumentationName, instrumentation.getConfig(), isSame]));
    })();`;
    expect(run(program, format, ['--import', OLD])).toEqual({ status: 0, stdout: '["handoff-otel",{"enabled":true},true]', stderr: LINE });
  });
});
