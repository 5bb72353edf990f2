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

const commands: readonly Command[] = [
  {
    name: 'watch',
    usage: 'watch [--] <command>',
    summary: 'Run your MCP server or client and show its traces on stderr as they happen: no collector, no code changes.',
    runsProgram: true,
    needs: () => [],
    load: async () => (await import('./watch/watch.js')).watch,
  },
  {
    name: 'serve',
    usage: 'serve [--stdio]',
    summary: 'Run the handoff MCP server over Streamable HTTP, or over stdin and stdout for an MCP client that starts it.',
    needs: serverPackages,
    load: async () => (await import('./serve/serve.js')).serve,
  },
  {
    name: 'demo',
    usage: 'demo [--color] [--otlp-endpoint URL] [--ledger FILE]',
    summary: 'Let two agents hand over a session, and show its trace, logs and metrics.',
    needs: demoPackages,
    load: async () => (await import('./demo/demo.js')).demo,
  },
  {
    name: 'health',
    usage: 'health [--url URL] [--fail-on degraded|unhealthy] [--json]',
    summary:
      'Ask a running server how it is. Ends with 0, with 1 if it is degraded and --fail-on says so, 2 if it is unhealthy, 3 if there is no answer.',
    readsConfigFile: true,
    needs: () => [],
    load: async () => (await import('./health/health.js')).health,
  },
  {
    name: 'doctor',
    usage: 'doctor [--stdio] [--replicas N] [--probe-archive] [--tempo URL] [--prometheus URL] [--loki URL] [--strict] [--json]',
    summary:
      'Find what is wrong with a set-up, and say what to do. Ends with 0, with 1 if there are warnings and --strict is given, 2 if something is wrong.',
    readsConfigFile: true,
    needs: () => [],
    load: async () => (await import('./doctor/doctor.js')).doctor,
  },
  {
    name: 'migrate',
    usage: 'migrate',
    summary: 'Bring the database in DATABASE_URL (or the embedded one) up to date.',
    needs: migratePackages,
    load: async () => (await import('./migrate.js')).migrate,
  },
  {
    name: 'retention',
    usage: 'retention ACTION [--json]',
    summary:
      'Retention policies, legal holds, erasure and the storage report: list, set, remove, rules, assign, hold, release, erase, report.',
    needs: storagePackages,
    load: async () => (await import('./retention/retention.js')).retention,
  },
  {
    name: 'archive',
    usage: 'archive list|verify|restore|export [KEY...] [--all] [--limit N] [--after ID] [--out FILE] [--json]',
    summary: 'List archived sessions, check their objects, put sessions back into the database, or write one as JSON lines.',
    needs: storagePackages,
    load: async () => (await import('./archive/archive.js')).archive,
  },
  {
    name: 'analytics',
    usage: 'analytics backfill|rebuild [--from TIME] [--to TIME] [--json]',
    summary: 'Bring the rollups up to date at once, with what was archived before there were any, or make those of a range anew.',
    needs: storagePackages,
    load: async () => (await import('./analytics/analytics.js')).analytics,
  },
  {
    name: 'report',
    usage: `report [TYPE...] [--from TIME] [--to TIME] [--json] [--html FILE]`,
    summary:
      'Show what happened in a range of time, what is unusual, and what to change: tables, or a page with charts. Default: all, of 7 days.',
    needs: storagePackages,
    load: async () => (await import('./report/report.js')).report,
  },
  {
    name: 'dashboards',
    usage: 'dashboards --out DIR [--only any|handoff] [--grafana-url URL] [--force]',
    summary: 'Write the Grafana boards and Prometheus rules for any server with instrument(); --only handoff for what is about handoffs.',
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
  if (name === '--help' || name === '-h' || name === 'help') return print(streams, help());
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    streams.err(`${name === undefined ? 'A command is required.' : `Unknown command: ${name}`}\n\n${help()}`);
    return EXIT_USAGE;
  }
  const options = command.runsProgram === true ? rest.slice(0, 1) : rest;
  if (options.includes('--help') || options.includes('-h')) return print(streams, `handoff-otel ${command.usage}\n  ${command.summary}\n`);
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

function help(): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  const lines = commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`);
  return `Usage: handoff-otel <command>\n\n${lines.join('\n')}\n\nSettings are read from the environment and from HANDOFF_CONFIG_FILE: see docs/configuration.md.\n`;
}

function print(streams: Streams, text: string): number {
  streams.out(text);
  return 0;
}
