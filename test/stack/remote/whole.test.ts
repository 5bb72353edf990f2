import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverEnv } from '../../setup/serverProcess.js';
import { startBuiltCollector } from '../workload/collector.js';
import type { Collector } from '../workload/collector.js';
import { startFakeBackEnd } from './fakeBackEnd.js';
import { lokiAnswer, tempoAnswer } from './standIns.js';

// The whole command against stand-ins for Tempo and Loki: they answer from what the built collector wrote into files. Whether the real
// ones answer the same is what the command is for.

const root = join(import.meta.dirname, '../../..');
const dir = mkdtempSync(join(tmpdir(), 'handoff-whole-'));
let collector: Collector;

beforeAll(async () => {
  collector = await startBuiltCollector({ configs: ['config.yaml', 'config.file.yaml'], dir, progress: () => undefined });
});
afterAll(async () => {
  await collector.stop('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

async function command(env: Readonly<Record<string, string>>): Promise<{ readonly code: unknown; readonly output: string }> {
  const args = ['--no-warnings', '--import', './tools/resolveSource.mjs', 'test/stack/remote/main.ts'];
  const child = spawn(process.execPath, args, { cwd: root, env: serverEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<unknown[]>,
  ]);
  return { code, output: output + complaints };
}

describe('npm run prove stack', () => {
  it('asks Tempo and Loki everything, finds the traffic that it made, and says so', async () => {
    await using tempo = await startFakeBackEnd((asked) => tempoAnswer(dir, asked));
    await using loki = await startFakeBackEnd((asked) => lokiAnswer(dir, asked));
    const { code, output } = await command({
      STACK_TEMPO_URL: tempo.url,
      STACK_LOKI_URL: loki.url,
      STACK_OTLP_ENDPOINT: collector.httpEndpoint,
      STACK_SECONDS: '0',
    });
    expect(output.split('\n').filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(output).toContain('ok     Tempo: has each call as one whole trace');
    expect(output).toContain('ok     Loki: has one line for each entry that was added');
    expect(output).toContain('ok     links: a trace leads to its log lines, and each of these back');
    expect(output).toMatch(/\n\d+ checks: \d+ ok, 0 empty for a reason, 0 failed\n/);
    expect(code).toBe(0);
  }, 240_000);

  it('says what to set when there is nothing to ask', async () => {
    // No PATH, so that a Docker engine of this machine is not found.
    const { code, output } = await command({ PATH: '' });
    expect({ code, tells: output.includes('STACK_PROMETHEUS_URL') }).toEqual({ code: 2, tells: true });
  });
});
