import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const cli = new URL('../../src/cli.ts', import.meta.url).pathname;

/** Starts the command under a Node that claims to be another version. */
function startUnder(version: string): { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string } {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, cli], {
    encoding: 'utf8',
  });
  return { exitCode: status, stdout, stderr };
}

it.each(['18.20.8', '20.19.0', '22.14.0', '23.0.0', '23.6.1'])('refuses Node %s on stderr, saying what to install', (version) => {
  const { exitCode, stdout, stderr } = startUnder(version);
  expect(stderr).toContain(
    `handoff-otel needs Node.js 22.15 or newer${version.startsWith('23.') ? ' (on Node 23: 23.7 or newer)' : ''}, but this is ${version}`,
  );
  expect(stdout).toBe('');
  expect(exitCode).toBe(1);
});

it.each(['22.15.0', '23.7.0', '24.0.0'])('loads the command under Node %s', (version) => {
  // Unbuilt, the next step is not there yet; that it is looked for shows that the check let it pass.
  expect(startUnder(version).stderr).toMatch(/ERR_MODULE_NOT_FOUND|Cannot find module '[^']*cli\/main\.js'/);
});

it('asks for the Node that package.json names', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(engines.node).toBe('>=22.15 <23 || >=23.7');
});
