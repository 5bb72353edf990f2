import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Imported first, so that children run our sources as they are. */
const loader = './tools/resolveSource.mjs';

export interface ProcessOptions {
  /** Program text; imports are relative to the repository, for instance `./src/instrumentation/instrument.ts`. */
  readonly code: string;
  readonly format?: 'module' | 'commonjs';
  readonly env?: Readonly<Record<string, string>>;
  /** More flags for Node, for instance `--import`. */
  readonly flags?: readonly string[];
  /** Called once, when the program has written `READY` to stdout or stderr. */
  readonly onReady?: (child: ChildProcessWithoutNullStreams) => void;
  /** Called with each piece of output. */
  readonly onOutput?: (text: string) => void;
}

export interface ProcessOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From `onReady`, or from the start without it, to the end. */
  readonly durationMs: number;
}

/** Runs a program of its own process to its end. None of this process's OTEL_* reach it; its Prometheus port is a free one. */
export async function runProcess({
  code,
  format = 'module',
  env = {},
  flags = [],
  onReady,
  onOutput,
}: ProcessOptions): Promise<ProcessOutcome> {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !key.startsWith('OTEL_') && !key.startsWith('HANDOFF_') && key !== 'NODE_OPTIONS',
  );
  const child = spawn(process.execPath, ['--no-warnings', '--import', loader, ...flags, `--input-type=${format}`, '-e', code], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), OTEL_EXPORTER_PROMETHEUS_PORT: '0', ...env },
  });
  let startedMs = performance.now();
  let isReady = false;
  const output = { stdout: '', stderr: '' };
  const collect =
    (stream: keyof typeof output) =>
    (chunk: Buffer): void => {
      output[stream] += chunk.toString();
      onOutput?.(chunk.toString());
      if (isReady || onReady === undefined || !output[stream].includes('READY')) return;
      isReady = true;
      startedMs = performance.now();
      onReady(child);
    };
  child.stdout.on('data', collect('stdout'));
  child.stderr.on('data', collect('stderr'));
  child.stdin.on('error', () => undefined); // It may be gone before we close its stdin.
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: exitCode, signal, ...output, durationMs: performance.now() - startedMs };
}
