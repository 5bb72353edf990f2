import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import { serverEnv } from '../setup/serverProcess.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

it('the demo shows the handoff as a trace, its logs and the metrics, and finds everything in order', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'demo'], {
    env: serverEnv({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/not-mine' }),
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/tools\/call request_handoff\s+.*[━╺╸]/);
  expect(stdout).toContain('handoff.session.handoff');
  expect(stdout).toContain('mcp.server.operation.duration');
  expect(stdout.match(/^ {2}✓ /gm)).toHaveLength(5);
  expect(stdout).not.toContain('✗');
}, 70_000);

it('sends everything to a collector too and writes what was sent into the ledger', async () => {
  const collector = await startOtlpReceiver();
  const folder = mkdtempSync(join(tmpdir(), 'handoff-ledger-'));
  const ledgerFile = join(folder, 'ledger.json');
  const child = spawn(process.execPath, [cli, 'demo', '--otlp-endpoint', collector.url, '--ledger', ledgerFile], {
    env: serverEnv({}),
    stdio: 'ignore',
  });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  const ledger = JSON.parse(readFileSync(ledgerFile, 'utf8')) as {
    spans: { spanId: string }[];
    logRecords: unknown[];
    metricPoints: unknown[];
  };
  rmSync(folder, { recursive: true });
  const received = new Set(collector.spans().map(({ spanId }) => spanId));
  await collector.close();
  expect(status).toBe(0);
  expect(ledger.spans.length).toBeGreaterThan(100);
  expect(ledger.spans.filter(({ spanId }) => !received.has(spanId))).toEqual([]);
  expect([ledger.logRecords.length, ledger.metricPoints.length]).toEqual([collector.logRecords().length, collector.metricPoints().length]);
}, 70_000);

it('ends with exit code 1 when what it prints cannot be written', () => {
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$1" --help 1< /dev/null', process.execPath, cli], {
    env: serverEnv({}),
    encoding: 'utf8',
  });
  expect(stderr).toContain('cannot write to stdout');
  expect(status).toBe(1);
});
