import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installNode } from './support/install.js';
import { command, oursAsPath, oursAsUrl, registerByRequire, registerUrl } from './support/run.js';
import { workshopIn } from './support/workshop.js';

// Versions of Node that this package does not run on. The first cannot require ES modules and has no `process.getBuiltinModule`.

const OLD_NODES = ['18.20.8', '20.20.2', '22.14.0', '23.6.1'] as const;
const line = (version: string): string => {
  const [major = '', minor = ''] = version.split('.');
  return `needs Node 22.15 or newer${major === '23' ? ', and of Node 23 at least 23.7' : ''}; this is ${major}.${minor}; telemetry stays off.`;
};

const USE = `
  const h = instrument({ serviceName: 's', stdio: true });
  if (instrument({ serviceName: 'other', modules: {} }) !== h) throw new Error('another handle');
  const server = {};
  if (h.instrumentServer(server) !== server) throw new Error('another server');
  h.tracer.startActiveSpan('span', (span) => span.end());
  h.logger.emit({ body: 'record' });
  h.meter.createCounter('counter').add(1);
  const before = h.status();
  h.flush().then(() => h.shutdown()).then(() => process.stdout.write(JSON.stringify([before, h.status().state])));`;

let folder: string;
const nodes = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-old-nodes-'));
  for (const version of OLD_NODES) nodes.set(version, await installNode(version));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(OLD_NODES)('Node %s', (version) => {
  const play = async (...args: readonly string[]) => {
    using workshop = workshopIn(folder);
    const { receiver, ...outcome } = await workshop.play(nodes.get(version) ?? '', args);
    expect(receiver.requests()).toMatchObject({ traces: { requests: 0 }, metrics: { requests: 0 }, logs: { requests: 0 } });
    return outcome;
  };
  const script = (name: string, text: string): string => workshopIn(folder).write(name, text);
  const asTold = { code: 0, stderr: `handoff-otel ${line(version)}\n` };

  it.for([
    ['import', 'use.mjs', `import { instrument } from ${JSON.stringify(oursAsUrl)}; ${USE}`],
    ['require', 'use.cjs', `const { instrument } = require(${JSON.stringify(oursAsPath)}); ${USE}`],
  ] as const)('instrument() by %s says one line, throws nothing and leaves the host alone', async ([way, name, text], { task }) => {
    task.meta.mark = { row: `too old, ${way}`, column: version };
    const { stdout, ...rest } = await play(script(name, text));
    expect(rest).toEqual(asTold);
    expect(JSON.parse(stdout)).toEqual([{ state: 'failed', libraries: [], mcpSdks: [], notices: [line(version)] }, 'shut down']);
  });

  it.for([
    ['--import', registerUrl],
    ['--require', registerByRequire],
  ] as const)('%s of register says the line, and the program runs', async ([flag, register], { task }) => {
    task.meta.mark = { row: `too old, ${flag}`, column: version };
    const program = script('host.cjs', "process.stdout.write('ran'); process.exitCode = 5;");
    expect(await play(flag, register, program)).toEqual({ ...asTold, code: 5, stdout: 'ran' });
  });

  it('require of everything else succeeds, and using it names the cause', async ({ task }) => {
    task.meta.mark = { row: 'too old, other exports', column: version };
    const ours = (name: string): string => JSON.stringify(oursAsPath.replace('index.cjs', `${name}.cjs`));
    const program = script(
      'others.cjs',
      `
      const { createLogger, HandoffError } = require(${ours('services')});
      require(${ours('mcp')}); require(${ours('server')}); require(${ours('testing')});
      try { createLogger(); } catch (error) { process.stdout.write(error.code + ' ' + error.message + (error instanceof HandoffError)); }`,
    );
    const { stdout } = await play(program);
    expect(stdout).toBe(
      `HANDOFF_UNSUPPORTED_NODE handoff-otel ${line(version).replace('; telemetry stays off.', '')}. Install a newer version from https://nodejs.org.false`,
    );
  });

  it('the command says what it needs', async ({ task }) => {
    task.meta.mark = { row: 'too old, command', column: version };
    const { code, stdout, stderr } = await play(command, 'serve', '--stdio');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`but this is ${version} (`);
  });
});
