import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { GeneratedFile } from '../../../../dashboards/src/rules/files.js';
import { testDocument } from './document.js';
import type { Proof } from './proof.js';

export interface Outcome {
  readonly passed: boolean;
  /** What promtool printed. */
  readonly output: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, { ...(cwd === undefined ? {} : { cwd }), timeout: 120_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: `${stdout}${stderr}` });
    });
  });
}

/** Runs proofs against rules, one test file for each. */
export async function prove(promtool: string, rules: readonly GeneratedFile[], proofs: readonly Proof[]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-rules-'));
  try {
    await writeRules(folder, rules);
    const groups = rules.flatMap(({ text }) => (parse(text) as { groups: { name: string }[] }).groups.map(({ name }) => name));
    const paths = rules.map(({ path }) => path);
    const tests = proofs.map((proof, index) => ({ file: `${String(index)}.yaml`, text: testDocument(proof, paths, groups) }));
    await Promise.all(tests.map(({ file, text }) => writeFile(join(folder, file), text)));
    return await run(promtool, ['test', 'rules', ...tests.map(({ file }) => file)], folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRules(folder: string, rules: readonly GeneratedFile[]): Promise<void> {
  await mkdir(join(folder, 'alerts/rules'), { recursive: true });
  await Promise.all(rules.map(({ path, text }) => writeFile(join(folder, path), text)));
}
