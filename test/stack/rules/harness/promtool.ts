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

const LIMIT_MS = 300_000;

/** Runs a program to its end. Rejects if it cannot be started or does not end: that says nothing about what it was asked. */
export function run(program: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { ...(cwd === undefined ? {} : { cwd }), timeout: LIMIT_MS, maxBuffer: 1 << 26 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(new Error(`${program} did not end by itself.`, { cause: error }));
      else resolve({ passed: error === null, output: `${stdout}${stderr}` });
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
