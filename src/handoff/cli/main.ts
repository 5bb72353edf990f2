import { errorCode, errorMessage } from '../../errors/classify.js';
import { HandoffError } from '../../errors/handoffError.js';
import { withConfigFile } from '../config/configFile.js';
import { EXIT_FAILED, EXIT_USAGE } from './command.js';
import type { Command } from './command.js';
import { packageInfo } from './packageInfo.js';
import { demoPackages, migratePackages, requirePackages, serverPackages, storagePackages } from './requirePackages.js';
import { processStreams } from './streams.js';
import type { Streams } from './streams.js';
import { UsageError } from './usageError.js';
import {
  DASHBOARDS_USAGE,
  DEMO_USAGE,
  DOCTOR_USAGE,
  HEALTH_USAGE,
  MIGRATE_USAGE,
  REPORT_USAGE,
  SERVE_USAGE,
  WATCH_USAGE,
  analyticsUsages,
  archiveUsages,
  retentionUsages,
} from './usages.js';

const commands: readonly Command[] = [
  {
    name: 'watch',
    usage: WATCH_USAGE,
    summary: 'Run your MCP server or client and show its traces on stderr as they happen. It needs no collector and no code changes.',
    runsProgram: true,
    needs: () => [],
    load: async () => (await import('./watch/watch.js')).watch,
  },
  {
    name: 'serve',
    usage: SERVE_USAGE,
    summary: 'Run the handoff MCP server, over Streamable HTTP or over stdin and stdout.',
    needs: serverPackages,
    load: async () => (await import('./serve/serve.js')).serve,
  },
  {
    name: 'demo',
    usage: DEMO_USAGE,
    summary: 'Run two agents that hand sessions over to each other, and show the trace, logs and metrics.',
    needs: demoPackages,
    load: async () => (await import('./demo/demo.js')).demo,
  },
  {
    name: 'health',
    usage: HEALTH_USAGE,
    summary:
      'Show the health of a running server. Exit code: 0 if it is healthy or degraded (1 if degraded, with --fail-on degraded), 2 if it is unhealthy, 3 if it does not answer.',
    readsConfigFile: true,
    needs: () => [],
    load: async () => (await import('./health/health.js')).health,
  },
  {
    name: 'doctor',
    usage: DOCTOR_USAGE,
    summary:
      'Check the set-up of a server, and say how to fix what is wrong. Exit code: 0 if nothing is wrong, 1 if there are warnings and --strict is given, 2 if there are faults.',
    readsConfigFile: true,
    needs: () => [],
    load: async () => (await import('./doctor/doctor.js')).doctor,
  },
  {
    name: 'migrate',
    usage: MIGRATE_USAGE,
    summary: 'Apply the migrations that the database in DATABASE_URL, or the embedded one, does not have yet.',
    needs: migratePackages,
    load: async () => (await import('./migrate.js')).migrate,
  },
  {
    name: 'retention',
    usage: Object.values(retentionUsages),
    summary: 'Show and change how long data is kept: policies, rules, legal holds, erasure, and a storage report.',
    needs: storagePackages,
    load: async () => (await import('./retention/retention.js')).retention,
  },
  {
    name: 'archive',
    usage: Object.values(archiveUsages),
    summary: 'List archived sessions, verify their objects, restore sessions to the database, or export them as JSON lines.',
    needs: storagePackages,
    load: async () => (await import('./archive/archive.js')).archive,
  },
  {
    name: 'analytics',
    usage: Object.values(analyticsUsages),
    summary: 'Bring the rollups, from which reports are made, up to date now, or rebuild those of a time range.',
    needs: storagePackages,
    load: async () => (await import('./analytics/analytics.js')).analytics,
  },
  {
    name: 'report',
    usage: REPORT_USAGE,
    summary:
      'Report what happened in a time range, what is unusual, and what to change, as tables or as a page with charts. Default: everything, for the last 7 days.',
    needs: storagePackages,
    load: async () => (await import('./report/report.js')).report,
  },
  {
    name: 'dashboards',
    usage: DASHBOARDS_USAGE,
    summary: 'Write the Grafana dashboards and Prometheus rules, for any server with instrument() and for the handoff server.',
    needs: () => [],
    load: async () => (await import('./dashboards/dashboards.js')).dashboards,
  },
];

/** Runs one command line, without the program's name, and resolves with the exit code. Never rejects. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  streams: Streams = processStreams,
): Promise<number> {
  const [name, ...rest] = args;
  process.stdout.on('error', (error) => {
    // A reader that leaves early (`| head`) must not end a command in the middle of its clean-up, and does not count as a failure.
    if (errorCode(error) === 'EPIPE') return;
    streams.err(`handoff-otel: cannot write to stdout: ${errorMessage(error)}\n`);
    process.exitCode = EXIT_FAILED;
  });
  if (name === '--version' || name === '-v') return print(streams, `${packageInfo().version}\n`);
  if (name === '--help' || name === '-h' || name === 'help') return print(streams, (await loadHelp()).overview(commands));
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const { overview, unknownCommand } = await loadHelp();
    streams.err(`${name === undefined ? 'A command is required.' : unknownCommand(name, commands)}\n\n${overview(commands)}`);
    return EXIT_USAGE;
  }
  const options = command.runsProgram === true ? rest.slice(0, 1) : rest;
  if (options.includes('--help') || options.includes('-h')) return print(streams, (await loadHelp()).commandHelp(command));
  try {
    // Another program reads its own settings.
    const readsItself = command.runsProgram === true || command.readsConfigFile === true;
    const settings = readsItself ? env : withConfigFile(env);
    requirePackages(command.name, command.needs(settings));
    const run = await command.load();
    return await run({ args: rest, env: settings, ownEnv: env, streams });
  } catch (error) {
    streams.err(`handoff-otel ${command.name}: ${errorMessage(error)}\n`);
    if (!(error instanceof HandoffError) && error instanceof Error) streams.err(`${error.stack ?? ''}\n`);
    return error instanceof UsageError || (error instanceof HandoffError && error.code === 'HANDOFF_CONFIG') ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** Whoever starts a server does not pay for it. */
const loadHelp = () => import('./help.js');

function print(streams: Streams, text: string): number {
  streams.out(text);
  return 0;
}
