import { isatty } from 'node:tty';
import type { CommandContext } from '../command.js';
import { packageInfo } from '../packageInfo.js';
import { UsageError, parseOptions } from '../usageError.js';
import { allChecks } from './allChecks.js';
import { Examination } from './examination/examination.js';
import type { DoctorOptions } from './examination/examination.js';
import { readSettings } from './examination/readSettings.js';
import { runChecks } from './examination/runChecks.js';
import { jsonReport } from './report/jsonReport.js';
import { countVerdicts } from './report/summary.js';
import { terminalReport } from './report/terminalReport.js';
import { DOCTOR_USAGE } from '../usages.js';

/** Exit codes: 0 nothing is wrong, 1 there are warnings and `--strict` was given, 2 something is wrong. */
export const EXIT_WARNINGS = 1;
export const EXIT_FAULTS = 2;

const OPTIONS = {
  stdio: { type: 'boolean' },
  replicas: { type: 'string' },
  'probe-archive': { type: 'boolean' },
  tempo: { type: 'string' },
  prometheus: { type: 'string' },
  loki: { type: 'string' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `handoff-otel doctor`: looks at the set-up that the environment describes, and says what is wrong with it and what to do. */
export async function doctor({ args, env, streams }: CommandContext): Promise<number> {
  const given = parseOptions(args, OPTIONS, DOCTOR_USAGE);
  const options: DoctorOptions = {
    stdio: given.stdio ?? false,
    replicas: replicasOf(given.replicas),
    probeArchive: given['probe-archive'] ?? false,
    tempoUrl: urlOf('--tempo', given.tempo, 3200),
    prometheusUrl: urlOf('--prometheus', given.prometheus, 9090),
    lokiUrl: urlOf('--loki', given.loki, 3100),
  };
  const examination = new Examination(readSettings(env), options, process.cwd());
  try {
    const results = await runChecks(allChecks, examination);
    streams.out(given.json === true ? jsonReport(results, packageInfo().version) : terminalReport(results, isColoured()));
    const { failure, warning } = countVerdicts(results);
    if (failure > 0) return EXIT_FAULTS;
    return warning > 0 && given.strict === true ? EXIT_WARNINGS : 0;
  } finally {
    await examination.close();
  }
}

function replicasOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const replicas = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (replicas < 1)
    throw new UsageError('--replicas must be the number of processes that use the database, from 1 to 99999.', DOCTOR_USAGE);
  return replicas;
}

function urlOf(option: string, text: string | undefined, usualPort: number): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`${option} must be the URL of an HTTP API, such as http://127.0.0.1:${usualPort}.`, DOCTOR_USAGE);
  return url;
}

function isColoured(): boolean {
  return isatty(1) && process.stdout.hasColors();
}
