import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');

/** What decides how the gates judge; a mini project gets its own copy of all of it, so the real rules are under test. */
const gateFiles = [
  '.dependency-cruiser.mjs',
  '.squawk.toml',
  'eslint.config.js',
  'knip.jsonc',
  'tools',
  'tsconfig.build.json',
  'tsconfig.json',
];
const gateScripts = ['build', 'check', 'depcruise', 'knip', 'lint', 'migrations', 'package-shape', 'typecheck'];
const gatePackages = [
  '@arethetypeswrong/cli',
  '@types/node',
  'dependency-cruiser',
  'eslint',
  'eslint-plugin-n',
  'knip',
  'node',
  'publint',
  'rolldown',
  'rolldown-plugin-dts',
  'squawk-cli',
  'typescript',
  'typescript-eslint',
  'typescript7',
  'vitest',
];

/** What makes the prepared database runs our own sources, which a mini project has none of. */
const isOfGates = (source: string): boolean => source !== path.join(root, 'tools', 'prepared');

type Manifest = Readonly<Record<string, unknown>>;
type Strings = Readonly<Record<string, string>>;

interface MiniProject {
  /** Runs an npm script of the project to its end; never rejects because the script fails. */
  npmRun(script: string, args?: readonly string[], env?: Strings): Promise<{ readonly exitCode: number; readonly output: string }>;
  readonly folder: string;
}

/**
 * A package outside the repository with our gates (configuration, npm scripts, tools, installed packages) and the given files.
 * Removed when the calling test finishes.
 */
export async function createMiniProject(files: Strings, manifest: Manifest = {}): Promise<MiniProject> {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'handoff-gates-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await Promise.all(gateFiles.map((name) => cp(path.join(root, name), path.join(folder, name), { recursive: true, filter: isOfGates })));
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ ...(await gatesManifest()), ...manifest }, undefined, 2));
  await Promise.all(Object.entries(files).map(([name, text]) => writeDeep(path.join(folder, name), text)));
  return {
    folder,
    npmRun: (script, args = [], env = {}) => run(folder, ['run', '--silent', script, '--', ...args], env),
  };
}

/** Our manifest, cut down to what the gates need. */
async function gatesManifest(): Promise<Manifest> {
  const ours = await readManifest();
  return {
    name: ours.name,
    version: ours.version,
    license: ours.license,
    type: ours.type,
    engines: ours.engines,
    scripts: pick(ours.scripts, gateScripts),
    devDependencies: await gateDependencies(),
  };
}

/** The devDependencies that the gates themselves run on. */
export async function gateDependencies(): Promise<Strings> {
  return pick((await readManifest()).devDependencies, gatePackages);
}

interface OurManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Strings;
  readonly files: readonly string[];
  readonly scripts: Strings;
  readonly devDependencies: Strings;
}

/** The package.json of this repository. */
export async function readManifest(): Promise<OurManifest> {
  return JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
}

function pick(from: Strings, names: readonly string[]): Strings {
  return Object.fromEntries(
    names.map((name) => {
      const value = from[name];
      if (value === undefined) throw new Error(`package.json has no "${name}" among its scripts or devDependencies; the gates need it.`);
      return [name, value];
    }),
  );
}

async function writeDeep(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

function run(cwd: string, args: readonly string[], env: Strings): ReturnType<MiniProject['npmRun']> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
