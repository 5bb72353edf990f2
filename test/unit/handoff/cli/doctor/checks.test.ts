import { describe, expect, it } from 'vitest';
import { nodeCheck } from '../../../../../src/handoff/cli/doctor/checks/program.js';
import { comparatorsOf, packagesCheck } from '../../../../../src/handoff/cli/doctor/checks/packages.js';
import type { PackageLook } from '../../../../../src/handoff/cli/doctor/checks/packages.js';
import type { Check } from '../../../../../src/handoff/cli/doctor/examination/check.js';
import { Examination } from '../../../../../src/handoff/cli/doctor/examination/examination.js';
import { readSettings } from '../../../../../src/handoff/cli/doctor/examination/readSettings.js';
import { runChecks } from '../../../../../src/handoff/cli/doctor/examination/runChecks.js';
import { closestName } from '../../../../../src/handoff/cli/doctor/probes/closestName.js';
import { kindOf } from '../../../../../src/handoff/cli/doctor/probes/fileSystem.js';
import { onDatabase } from '../../../../../src/handoff/cli/doctor/checks/onDatabase.js';

const env = { HOME: '/nonexistent' };
const options = {
  stdio: false,
  replicas: undefined,
  probeArchive: false,
  tempoUrl: undefined,
  prometheusUrl: undefined,
  lokiUrl: undefined,
};
const examination = new Examination(readSettings(env), options, '/host');

describe('program.node', () => {
  it.each([
    ['24.1.0', 'linux', ['fine']],
    ['20.1.0', 'linux', ['failure']],
    ['24.1.0', 'win32', ['fine', 'warning']],
  ])('judges Node %s on %s', async (version, platform, verdicts) => {
    expect((await nodeCheck(version, platform).run(examination)).map(({ verdict }) => verdict)).toEqual(verdicts);
  });
});

describe('program.packages', () => {
  const look: PackageLook = {
    here: () => ({ version: '2.5.0', folder: '/server/p' }),
    at: () => undefined,
    ranges: () => ({}),
  };
  const found = (changes: Partial<PackageLook>) => packagesCheck({ ...look, ...changes }).run(examination);

  it('tells a package that is missing, with the command that installs it', async () => {
    const findings = await found({ here: (name) => (name === 'pg' ? undefined : look.here(name)) });
    expect(findings).toEqual([
      { verdict: 'failure', says: 'pg is not installed, and these settings need it.', remedy: 'Run npm install pg@8.' },
    ]);
  });

  it('tells a version that is not supported', async () => {
    const findings = await found({ ranges: () => ({ pino: '>=7.0.0 <11', zod: '^4.0.0', '@electric-sql/pglite': '0.5.17' }) });
    expect(findings.map(({ says }) => says)).toEqual([
      'pino 2.5.0 is installed, and >=7.0.0 <11 is supported.',
      'zod 2.5.0 is installed, and ^4.0.0 is supported.',
      '@electric-sql/pglite 2.5.0 is installed, and 0.5.17 is supported.',
    ]);
  });

  it('tells two copies, and where they are', async () => {
    const at = (name: string) => (name === '@opentelemetry/api' ? { version: '2.4.0', folder: '/host/p' } : look.here(name));
    const [only, ...others] = await found({ at });
    expect(others).toEqual([]);
    expect(only).toMatchObject({ verdict: 'warning', says: expect.stringMatching(/2\.5\.0 .*\/server\/p.* 2\.4\.0 .*\/host\/p/u) });
  });

  it('understands the ranges of package.json', () => {
    expect(['^3.1000.0', '^0.3.1', '>=8.0.3 <9', '0.5.17'].map(comparatorsOf)).toEqual([
      '>=3.1000.0 <4',
      '>=0.3.1 <0.4',
      '>=8.0.3 <9',
      '0.5.17',
    ]);
  });
});

describe('a check', () => {
  const check = (run: Check['run'], limitMs = 1000): Check => ({ name: 'a.b', group: 'logs', looksWhether: '', limitMs, run });

  it('that takes too long is a failure', async () => {
    const [result] = await runChecks([check(() => new Promise(() => undefined), 20)], examination);
    expect(result?.findings).toMatchObject([{ verdict: 'failure', says: 'There was no answer within 0.02 s.' }]);
  });

  it('that throws shows no message, which may quote credentials', async () => {
    const [result] = await runChecks([check(() => Promise.reject(new TypeError('password hunter2')))], examination);
    expect(result?.findings).toMatchObject([{ verdict: 'failure', says: 'The check itself failed (TypeError).' }]);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('does not wait for another one', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<undefined>();
    await runChecks(
      [
        check(async () => {
          await gate.promise;
          order.push('first');
          return [];
        }),
        check(async () => {
          order.push('second');
          gate.resolve(undefined);
          return [];
        }),
      ],
      examination,
    );
    expect(order).toEqual(['second', 'first']);
  });
});

it.each([
  ['HANDOFF_LOG_LEVLE', 'loose', 'HANDOFF_LOG_LEVEL'],
  ['OTEL_EXPORTER_OTLP_ENDPIONT', 'loose', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ['HANDOFF_REDIS_URL', 'loose', 'REDIS_URL'],
  ['HANDOFF_DATABASE_URL', 'loose', 'DATABASE_URL'],
  ['database_url', 'strict', 'DATABASE_URL'],
  ['DATABASE_URI', 'strict', 'DATABASE_URL'],
  ['DATABASE_URL', 'strict', undefined],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'loose', undefined],
  ['XDG_CONFIG_DIRS', 'strict', undefined],
] as const)('%s (%s) was meant to be %s', (name, how, meant) => {
  expect(closestName(name, how)).toBe(meant);
});

it('knows file systems that are no place for a database', () => {
  expect([0x6969, 0x01021994, 0xef53, 1].map(kindOf)).toEqual([
    { name: 'NFS', trouble: 'network' },
    { name: 'tmpfs', trouble: 'short-lived' },
    { name: 'ext4' },
    { name: undefined },
  ]);
});

it.each([
  // `database.rights` says so, and which right it is.
  ['42501', { verdict: 'skipped' }],
  ['42P01', undefined],
])('a check that the database refuses with %s', async (code, expected) => {
  const check = onDatabase({
    name: 'database.migrations',
    looksWhether: '',
    look: () => Promise.reject(Object.assign(new Error('refused'), { code })),
  });
  const looked = check.run({ usesPostgres: true, database: async () => ({}) } as unknown as Examination);
  if (expected === undefined) await expect(looked).rejects.toThrow('refused');
  else expect(await looked).toMatchObject([expected]);
});
