import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { startOtlpReceiver } from '../../../testing/otlpReceiver.js';
import { systemClock } from '../../../time/clock.js';
import { EXIT_FAILED } from '../command.js';
import type { CommandContext } from '../command.js';
import { terminalColumns } from '../render/terminalColumns.js';
import { UsageError } from '../usageError.js';
import { WATCH_USAGE } from '../usages.js';
import { programEnv } from './programEnv.js';
import { programWords } from './programWords.js';
import { runProgram } from './runProgram.js';
import type { ProgramEnd } from './runProgram.js';
import { showTrace } from './showTrace.js';
import { showTraces } from './showTraces.js';
import { startAdvice } from './startAdvice.js';

const NOTHING_SEEN =
  'handoff-otel watch: no span arrived. Spans are created for MCP messages in programs that run on Node 22.15 or newer, Bun or Deno and use an official SDK.\n';

/**
 * How long spans are still received after a signal ended the program: a shell dies of it at once (`npm`, `npx`, `node --run`), and the
 * server that it runs may be sending its last spans.
 */
const AFTER_SIGNAL_MS = 500;

/** Instruments a program before its first line runs. */
const REGISTER = new URL('../../../register.js', import.meta.url).href;

/**
 * `handoff-otel watch node server.js`: runs a program with instrumentation and shows each of its traces on stderr. Stdin and stdout
 * belong to the program, so that an MCP client can start this command in place of its server. Ends the way the program does.
 */
export async function watch({ args, env, streams }: CommandContext): Promise<number> {
  const [command, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (command === undefined) throw new UsageError('Name the program to watch, such as: node server.js', WATCH_USAGE);
  if (command.startsWith('-')) throw new UsageError(`Unknown option '${command}'. Options of the program come after it.`, WATCH_USAGE);
  const receiver = await startOtlpReceiver();
  const ended = new AbortController();
  const layout = { columns: terminalColumns(process.stderr.columns), colour: isatty(2) && process.stderr.hasColors() };
  const shown = showTraces({
    receiver,
    clock: systemClock,
    show: (spans) => streams.err(showTrace(spans, layout)),
    ended: ended.signal,
  });
  let end: ProgramEnd | undefined;
  try {
    const words = [command, ...rest] as const;
    end = await runProgram({
      words: programWords(words, REGISTER),
      env: programEnv(env, { words, register: REGISTER, endpoint: receiver.url }),
      host: process,
      hasTerminal: isatty(0) || isatty(2),
    });
    if (end.signal !== undefined) await systemClock.sleep(AFTER_SIGNAL_MS);
  } catch (error) {
    streams.err(`handoff-otel watch: ${command} could not be started: ${startAdvice(command, error)}\n`);
  }
  ended.abort();
  await receiver.close();
  const count = await shown;
  if (end === undefined) return EXIT_FAILED;
  if (count === 0) streams.err(NOTHING_SEEN);
  return end.signal === undefined ? end.code : endBy(end.signal);
}

/** The parent of this process sees the same signal as if it had started the program. The code is for platforms without signals. */
function endBy(signal: NodeJS.Signals): number {
  process.kill(process.pid, signal);
  return 128 + constants.signals[signal];
}
