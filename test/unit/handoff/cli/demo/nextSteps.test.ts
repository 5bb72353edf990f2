import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nextSteps } from '../../../../../src/handoff/cli/demo/nextSteps.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] };

it('names commands that there are: those of the repository in a clone only', () => {
  expect(nextSteps(true)).toContain('  npm start ');
  const installed = nextSteps(false);
  expect(installed).not.toMatch(/npm start|docker compose|dist\//u);
  expect(installed).toMatch(/^ {2}npx -y handoff-mcp-server +the server on /mu);
  expect(installed).toMatch(/^ {2}npx -y handoff-mcp-server --stdio +the command to put into/mu);
});

it('the file by which the demo knows a clone is in no package', () => {
  expect(readFileSync('docker-compose.yml', 'utf8')).not.toBe('');
  expect(manifest.files.filter((file) => 'docker-compose.yml'.startsWith(file))).toEqual([]);
});
