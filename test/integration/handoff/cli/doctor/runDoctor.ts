import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allChecks } from '../../../../../src/handoff/cli/doctor/allChecks.js';
import { Examination } from '../../../../../src/handoff/cli/doctor/examination/examination.js';
import type { DoctorOptions } from '../../../../../src/handoff/cli/doctor/examination/examination.js';
import type { Finding } from '../../../../../src/handoff/cli/doctor/examination/finding.js';
import { readSettings } from '../../../../../src/handoff/cli/doctor/examination/readSettings.js';
import { runChecks } from '../../../../../src/handoff/cli/doctor/examination/runChecks.js';

const NOTHING_ASKED: DoctorOptions = {
  stdio: false,
  replicas: undefined,
  probeArchive: false,
  tempoUrl: undefined,
  prometheusUrl: undefined,
  lokiUrl: undefined,
};

/** Runs some of the checks on the set-up that `env` describes, and returns what each found. A name may be the beginning of several. */
export async function runDoctor(
  names: readonly string[],
  env: NodeJS.ProcessEnv,
  options: Partial<DoctorOptions> = {},
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const checks = allChecks.filter(({ name }) => names.some((wanted) => name.startsWith(wanted)));
  if (checks.length === 0) throw new Error(`No check begins with ${names.join(' or ')}.`);
  // Nothing of the machine's own settings, and no folder of the person who runs the tests.
  const complete = { HOME: join(tmpdir(), `handoff-doctor-${randomUUID()}`), PATH: process.env['PATH'], ...env };
  const examination = new Examination(readSettings(complete), { ...NOTHING_ASKED, ...options }, process.cwd());
  try {
    const results = await runChecks(checks, examination);
    return new Map(results.map(({ check, findings }) => [check.name, findings]));
  } finally {
    await examination.close();
  }
}

/** The only finding of one check. */
export async function finding(name: string, env: NodeJS.ProcessEnv, options: Partial<DoctorOptions> = {}): Promise<Finding> {
  const findings = (await runDoctor([name], env, options)).get(name) ?? [];
  const [only] = findings;
  if (only === undefined || findings.length > 1) throw new Error(`${name} found ${JSON.stringify(findings)}`);
  return only;
}
