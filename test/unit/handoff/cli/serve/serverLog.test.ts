import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the log of a server counts what stderr loses, and says there why its file is not rotated', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-log-'));
  const path = join(folder, 'server.log');
  // Nobody can rename a file to a folder, root neither.
  mkdirSync(`${path}.1`);
  const program = `
    import { serverLog } from './src/handoff/cli/serve/serverLog.ts';
    import { stderrDestination } from './src/logging/stderrDestination.ts';
    const counted = [];
    const meter = { createCounter: (name) => ({ add: (value, attributes) => counted.push([name, value, attributes]) }) };
    const log = serverLog({
      HANDOFF_LOG_LEVEL: 'info',
      HANDOFF_LOG_FILE: ${JSON.stringify(path)},
      HANDOFF_LOG_FILE_MAX_BYTES: 10,
      HANDOFF_LOG_FILE_INTERVAL: 'none',
      HANDOFF_LOG_FILE_KEEP: 1,
    }, meter);
    stderrDestination().onDropped(2, 'EPIPE');
    process.stdout.write(JSON.stringify(counted));
    log.info('one');
    setTimeout(() => { log.info('two'); }, 200);`;
  try {
    const options = ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', program];
    const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
    expect([status, JSON.parse(stdout)]).toEqual([0, [['handoff.log.dropped', 2, { 'error.type': 'EPIPE' }]]]);
    expect(stderr).toContain(`the log file ${path} cannot be rotated (`);
    expect(stderr).toContain('Make its folder writable');
    const messages = readFileSync(path, 'utf8').match(/"msg":"\w+"/g);
    expect(messages).toEqual(['"msg":"one"', '"msg":"two"']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
