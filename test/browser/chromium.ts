import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For a browser without a window that asks nobody but the page it is sent to. */
export const chromiumFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const STDERR_LINES = 20;

export interface Chromium {
  /** Rejects, with the last lines of its stderr, when the browser ends before it is closed. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** The browser's program: that of the variable CHROMIUM, or the one on the PATH. */
export function chromiumProgram(): string {
  return process.env['CHROMIUM'] ?? 'chromium';
}

/** Opens one page in a headless Chromium with a profile of its own, in which every name of `.example` is this machine. */
export async function openPage(url: string): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'handoff-chromium-'));
  const program = chromiumProgram();
  const child = spawn(program, [...chromiumFlags, `--user-data-dir=${profile}`, '--host-resolver-rules=MAP *.example 127.0.0.1', url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += String(text)));
  const ended = once(child, 'close');
  const failed = ended.then(
    () => Promise.reject(new Error(`${program} ended:\n${stderr.split('\n').slice(-STDERR_LINES).join('\n')}`)),
    (error: unknown) =>
      Promise.reject(
        new Error(`${program} cannot be started: install the package chromium, or name the program in CHROMIUM`, { cause: error }),
      ),
  );
  failed.catch(() => undefined);
  return {
    failed,
    close: async () => {
      // With its renderers, which would write into the profile while it is removed.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await ended.catch(() => undefined);
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
