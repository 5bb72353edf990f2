import type { ProcessEnd } from '../../setup/serverProcess.js';
import { VERSION_WITHOUT_INITIALIZE, messageOf } from './exchange.js';
import type { Answer, Conversation, Exchange, Script } from './exchange.js';
import { startProgram } from './program.js';
import type { Program, Start, TelemetryTarget } from './program.js';

const ANSWER_DEADLINE_MS = 30_000;

export interface Run {
  readonly conversation: Conversation;
  readonly stdout: readonly string[];
  readonly end: ProcessEnd;
}

/** Plays a script over stdin and stdout, one request after the other, then ends stdin. */
export async function runOverStdio(start: Start, { era, requests }: Script, telemetry?: TelemetryTarget): Promise<Run> {
  const program = startProgram(start, telemetry);
  try {
    const exchanges: Exchange[] = [];
    for (const [index, request] of requests.entries()) {
      const id = index + 1;
      write(program, messageOf(request, id, era));
      exchanges.push({ ...request, id, answer: await answerTo(program, id) });
      if (request.method === 'initialize') write(program, { jsonrpc: '2.0', method: 'notifications/initialized' });
    }
    await telemetry?.arrived?.(exchanges.length);
    const end = await program.end('stdin');
    const messages = program.stdout.map(parse);
    return {
      conversation: {
        exchanges,
        protocolVersion: era === 'without' ? VERSION_WITHOUT_INITIALIZE : String(exchanges[0]?.answer.result?.['protocolVersion']),
        unasked: messages.filter((message) => message !== undefined && 'method' in message),
        notified: era === 'without' ? 0 : 1,
      },
      stdout: program.stdout,
      end,
    };
  } finally {
    program.child.kill('SIGKILL');
  }
}

function write(program: Program, message: object): void {
  program.child.stdin?.write(`${JSON.stringify(message)}\n`);
}

async function answerTo(program: Program, id: number): Promise<Answer> {
  const deadline = performance.now() + ANSWER_DEADLINE_MS;
  for (let next = 0; performance.now() < deadline; ) {
    for (; next < program.stdout.length; next++) {
      const message = parse(program.stdout[next] ?? '');
      if (message?.['id'] === id && !('method' in message)) return message;
    }
    if (program.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`No answer to request ${id}. The program's stderr ends with:\n${program.stderr.slice(-20).join('\n')}`);
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
