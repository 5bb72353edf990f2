import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsRuntimeOf } from '../../../../../src/instrumentation/loading/jsRuntime.js';
import { unseenSdk } from '../../../../../src/instrumentation/mcp/discovery/unseenSdk.js';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-otel-unseen-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const look = (mainScript: string): string | undefined =>
  unseenSdk({ mainScript, cwd: folder, runtime: jsRuntimeOf(process.versions), report: () => undefined });

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('an SDK that is in use and not found', () => {
  const bundle = `exports.P = class { constructor() { this._requestHandlerAbortControllers = new Map(); this._progressHandlers = new Map(); } };${'/* */'.repeat(1000)}`;

  it('is one bundled into the program, if that is loaded already', () => {
    const main = write('main.cjs', bundle);
    expect(look(main)).toBeUndefined();
    createRequire(main)(main);
    expect(look(main)).toMatch(/main\.cjs has an MCP SDK bundled.*instrumentServer/);
  });

  it('is none in a program that has only this package bundled into it, which knows the names of its fields', () => {
    const ours = `exports.M = [{ field: '_requestHandlerAbortControllers', beside: '_progressHandlers' }]; exports.f = (p) => p?._requestHandlerAbortControllers;`;
    const main = write('main.cjs', `${ours}${'/* */'.repeat(1000)}`);
    createRequire(main)(main);
    expect(look(main)).toBeUndefined();
  });

  it('is one that package.json names and that is nowhere to be found', () => {
    const main = write('main.cjs', '');
    expect(look(main)).toBeUndefined();
    write('package.json', '{"dependencies":{"@modelcontextprotocol/server":"2.4.0"}}');
    expect(look(main)).toContain('lists @modelcontextprotocol/server');
  });

  it('is none that is merely installed: it is found when it loads', () => {
    const main = write('main.cjs', '');
    write('package.json', '{"dependencies":{"@modelcontextprotocol/server":"2.4.0"}}');
    mkdirSync(join(folder, 'node_modules/@modelcontextprotocol/server'), { recursive: true });
    expect(look(main)).toBeUndefined();
  });

  it.each([
    ['bun', '1.4.5', 'Bun'],
    ['deno', '2.9.6', 'Deno'],
  ] as const)('is any on %s, which does not say what loads later', (name, version, title) => {
    const line = unseenSdk({
      mainScript: undefined,
      cwd: folder,
      runtime: { name, version, nodeVersion: '26.3.0' },
      report: () => undefined,
    });
    expect(line).toContain(`where ${title} looks for packages`);
  });

  it('is none for programs that cannot be looked at', () => {
    expect(look(join(folder, 'nothing.js'))).toBeUndefined();
    expect(look(folder)).toBeUndefined();
  });
});
