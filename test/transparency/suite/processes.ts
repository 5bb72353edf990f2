import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const cli = here('../conformance/node_modules/@modelcontextprotocol/conformance/dist/index.js');
const resolveSource = new URL('../../../tools/resolveSource.mjs', import.meta.url).href;

export type Generation = 'v1' | 'v2';
/** `register`: `--import` our register.js and nothing else. `explicit`: the program calls us, and discovery is off. */
export type Variant = 'bare' | 'register' | 'explicit';

export interface Setup {
  readonly generation: Generation;
  readonly variant: Variant;
  /** URL of the folder with our built index.js and register.js, with a slash at its end. */
  readonly dist: string;
  /** Where an instrumented process sends its telemetry. */
  readonly otlp: string;
}

/** The words after `node` that run a fixture as `setup` says. */
function fixture(file: string, { generation, variant, dist }: Setup): string[] {
  const register = variant === 'register' ? ['--import', new URL('register.js', dist).href] : [];
  const index = variant === 'explicit' ? [new URL('index.js', dist).href] : [];
  return ['--disable-warning=ExperimentalWarning', '--import', resolveSource, ...register, here(file), generation, ...index];
}

/** Scores of short processes load the same files. */
const compileCache = mkdtempSync(join(tmpdir(), 'handoff-compile-cache-'));
process.once('exit', () => {
  rmSync(compileCache, { recursive: true, force: true });
});

/** Ours alone: what the machine says of telemetry must not decide what is compared. */
function environment(otlp: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(OTEL|HANDOFF|NODE_OPTIONS)/.test(name));
  const telemetry = {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  return { ...Object.fromEntries(own), NODE_COMPILE_CACHE: compileCache, ...telemetry };
}

/** Runs the suite's command line; resolves with what it printed and its exit code. */
export async function conformance(
  args: readonly string[],
  otlp: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [cli, ...args], { env: environment(otlp), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** Starts the server fixture; resolves with its address once it listens. */
export async function startServer(setup: Setup): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, fixture('server.ts', setup), {
    env: environment(setup.otlp),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstLine(child);
  const stop = async (): Promise<void> => {
    const closed = once(child, 'close');
    child.kill();
    await closed;
  };
  return { url, stop };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('close', (code) => {
      reject(new Error(`the server fixture ended with ${String(code)} before it listened`));
    });
  });
}

/** The command by which the suite starts the client fixture. It goes through a shell. */
export function clientCommand(setup: Setup): string {
  return [process.execPath, ...fixture('client.ts', setup)].map((word) => `"${word}"`).join(' ');
}

export interface StdioProcess {
  onLine(listener: (line: string) => void): void;
  /** Resolves with true after the next line, with false when there will be none. */
  nextLine(signal: AbortSignal): Promise<boolean>;
  write(message: object): void;
  /** Closes its stdin; resolves when it has ended by itself. */
  end(): Promise<void>;
}

/** Starts the stdio fixture. It knows nothing of telemetry in any variant. */
export function startStdio(entry: string, setup: Omit<Setup, 'generation'>): StdioProcess {
  const args = fixture('stdioServer.ts', { ...setup, generation: entry as Generation });
  const env = { ...environment(setup.otlp), HANDOFF_STDIO: 'true' };
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const reader = createInterface({ input: child.stdout });
  const closed = once(child, 'close');
  return {
    onLine: (listener) => void reader.on('line', listener),
    nextLine: (signal) => Promise.race([once(reader, 'line', { signal }).then(() => true), closed.then(() => false)]),
    write: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
