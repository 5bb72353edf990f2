import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../../../errors/classify.js';
import { startOtlpReceiver } from '../../../testing/otlpReceiver.js';
import { EXIT_FAILED } from '../command.js';
import type { CommandContext } from '../command.js';
import { packageRoot } from '../packageInfo.js';
import { UsageError, parseOptions } from '../usageError.js';
import { checkTelemetry } from './checks.js';
import { ledgerOf } from './ledger.js';
import { report } from './report.js';
import { runScenario } from './scenario.js';
import { startTee } from './tee.js';
import { DEMO_USAGE } from '../usages.js';

const OPTIONS = { color: { type: 'boolean' }, 'otlp-endpoint': { type: 'string' }, ledger: { type: 'string' } } as const;

/**
 * `handoff-otel demo`: two agents, two servers, one embedded database, and all the telemetry they send, collected and shown.
 * The exit code is 0 only when every expected span, log record and metric point has arrived.
 *
 * `--otlp-endpoint` sends everything to a collector as well; `--ledger` writes what was sent, for comparison with
 * the collector's output.
 */
export async function demo({ args, env, streams }: CommandContext): Promise<number> {
  const { color = false, 'otlp-endpoint': collector, ledger } = parseOptions(args, OPTIONS, DEMO_USAGE);
  if (collector !== undefined && !isHttpUrl(collector))
    throw new UsageError('--otlp-endpoint must be the address of a collector, such as http://localhost:4318.', DEMO_USAGE);
  if (ledger !== undefined) await requireWritable(ledger);
  const dataDir = await mkdtemp(join(tmpdir(), 'handoff-demo-'));
  const receiver = await startOtlpReceiver();
  const tee = collector === undefined ? undefined : await startTee(receiver.url, collector);
  const serverLog: string[] = [];
  const progress = (line: string): void => streams.out(`  ${line}\n`);
  try {
    streams.out('Two agents, each with its own server; no services, no configuration\n');
    const run = await runScenario({
      env,
      dataDir,
      otlpEndpoint: tee?.url ?? receiver.url,
      progress,
      onServerLog: (line) => serverLog.push(line),
    });
    await tee?.settled();
    const checks = checkTelemetry(receiver, run.calls);
    if (ledger !== undefined) await writeFile(ledger, ledgerOf(receiver));
    // What is packed has no such file.
    const isClone = existsSync(new URL('docker-compose.yml', packageRoot));
    streams.out(report({ received: receiver, story: run.story, checks, color, columns: process.stdout.columns, isClone }));
    if (tee?.problem !== undefined) streams.err(notTaken(collector, tee.problem));
    return tee?.problem === undefined && checks.every(({ faults }) => faults.length === 0) ? 0 : EXIT_FAILED;
  } catch (error) {
    if (tee?.problem !== undefined) {
      streams.err(notTaken(collector, tee.problem));
      return EXIT_FAILED;
    }
    streams.err(
      `\nThe demo failed: ${errorMessage(error)}\n\nLast output of the servers:\n${serverLog.join('').split('\n').slice(-20).join('\n')}\n`,
    );
    return EXIT_FAILED;
  } finally {
    await tee?.close();
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Before the demo, which takes a while. A file that is there is kept until the end, and none is left behind: the demo may fail. */
async function requireWritable(path: string): Promise<void> {
  const isThere = existsSync(path);
  try {
    await appendFile(path, '');
    // The file that was made, and not a link that leads to it.
    if (!isThere) await rm(await realpath(path));
  } catch (error) {
    throw new UsageError(
      `--ledger ${path} cannot be written (${errorCode(error) ?? errorMessage(error)}): name a file in a folder that exists and that you may write to.`,
      DEMO_USAGE,
    );
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** What the agents and servers did has nothing to do with it. */
function notTaken(collector: string | undefined, problem: string): string {
  return `\nThe collector at ${collector ?? ''} did not take the telemetry (${problem}). Start it, correct --otlp-endpoint, or leave that option out.\n`;
}
