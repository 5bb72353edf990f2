import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nextSteps } from '../../../../../src/handoff/cli/demo/nextSteps.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] };

it('names commands that there are: those of the repository in a clone only', () => {
  expect(nextSteps(true, 140)).toContain('  npm start ');
  // Compose refuses to start without the files of secrets.
  expect(nextSteps(true, 140)).toContain('  deploy/compose/secrets.sh && docker compose up --build ');
  const installed = nextSteps(false, 140);
  expect(installed).not.toMatch(/npm start|docker compose|dist\//u);
  expect(installed).toMatch(/^ {2}npx -y handoff-mcp-server +the server on /mu);
  expect(installed).toMatch(/^ {2}npx -y handoff-mcp-server --stdio +the command to put into/mu);
});

it('the file by which the demo knows a clone is in no package', () => {
  expect(readFileSync('docker-compose.yml', 'utf8')).not.toBe('');
  expect(manifest.files.filter((file) => 'docker-compose.yml'.startsWith(file))).toEqual([]);
});

it('breaks no line in a narrow terminal', () => {
  for (const isClone of [true, false]) {
    const lines = nextSteps(isClone, 60).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.join(' ')).toContain('http://127.0.0.1:9464/metrics');
  }
});
