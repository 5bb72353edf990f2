import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const dist = resolve('dist');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
const codeOf = (name: string): string => readFileSync(join(dist, name), 'utf8');

it('is a few files, not one for each source', () => {
  expect(files).toEqual(expect.arrayContaining(['index.js', 'register.js', 'server.js', 'testing.js', 'cli.js']));
  expect(files.length).toBeLessThan(50);
});

it('finds what its sources have beside them: threads, the command, what is preloaded', () => {
  const addresses = files.flatMap((name) =>
    [...codeOf(name).matchAll(/\bownAddress\(["'`](\.[^"'`]*)["'`]\)/gu)].map(([, path = '']) =>
      fileURLToPath(new URL(path.replace('${extension}', '.js'), pathToFileURL(join(dist, 'any.js')))),
    ),
  );
  expect(addresses).toEqual(
    expect.arrayContaining([
      join(dist, 'register.js'),
      join(dist, 'instrumentation', 'loading', 'loadThread.js'),
      join(dist, 'handoff', 'storage', 'embedded', 'ownerThread.js'),
      join(dist, 'cli.js'),
    ]),
  );
  expect(addresses.filter((path) => !existsSync(path))).toEqual([]);
});

it('imports none of the modules of Node, which would load more of it than is used', () => {
  expect(files.filter((name) => /^(?:import|export) .*["']node:/mu.test(codeOf(name)))).toEqual([]);
});

it.each(['index.js', 'server.js', 'testing.js'])('%s can be required by CommonJS', (name) => {
  const file = join(dist, name);
  const namesBy = (format: string, program: string): string[] =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [`--input-type=${format}`, '-e', `const all = ${program}; process.stdout.write(JSON.stringify(Object.keys(all)));`],
        { encoding: 'utf8' },
      ),
    ) as string[];
  const imported = namesBy('module', `await import(${JSON.stringify(pathToFileURL(file).href)})`);
  expect(imported.length).toBeGreaterThan(0);
  expect(namesBy('commonjs', `require(${JSON.stringify(file)})`)).toEqual(expect.arrayContaining(imported));
});

it('leaves classes their names, which telemetry has as error types', () => {
  expect(files.flatMap((name) => [...codeOf(name).matchAll(/\b\w+\$\d+ = class\b.*/gu)].map(([line]) => line))).toEqual([]);
});

it('can be read: it is not minified', () => {
  expect(codeOf('index.js')).toContain('import { instrument } from "./instrument.js";');
  expect(codeOf('instrument.js')).toMatch(/^function instrument\(options = \{\}/mu);
});

it.each(['index', 'register', 'server', 'testing'])('has the types of %s in one file, beside what several share', (entry) => {
  const types = readFileSync(join(dist, `${entry}.d.ts`), 'utf8');
  const sources = [...types.matchAll(/\b(?:from |import\()(["'])(\.[^"']*)\1/gu)].map(([, , source]) => source);
  expect(sources.filter((source) => source !== './shared.js')).toEqual([]);
});

it.each(['index', 'register', 'server', 'testing'])('has types for each name that %s exports, and for no other', (entry) => {
  const namesIn = (source: string): string[] =>
    [
      ...[...source.matchAll(/^export declare (?:abstract )?(?:class|const|function) ([\w$]+)/gmu)].map(([, name = '']) => name),
      ...[...source.matchAll(/^export (?:type )?\{([^}]*)\}/gmu)].flatMap(([, list = '']) => list.split(',')),
    ]
      .map((name) => name.trim().replace(/^type |^\S+ as /gu, ''))
      .filter((name) => name !== '')
      .sort();
  const written = namesIn(readFileSync(`src/${entry}.ts`, 'utf8'));
  expect(written.length > 0).toBe(entry !== 'register');
  expect(namesIn(readFileSync(join(dist, `${entry}.d.ts`), 'utf8'))).toEqual(written);
});

it('has no other declaration files, and no maps', () => {
  const all = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  const entries = all.filter((name) => /\.d\.cts$/u.test(name)).map((name) => name.replace('.d.cts', '.d.ts'));
  expect(entries).toContain('index.d.ts');
  expect(all.filter((name) => name.endsWith('.d.ts')).sort()).toEqual([...entries, 'shared.d.ts'].sort());
  expect(all.filter((name) => name.endsWith('.map'))).toEqual([]);
});
