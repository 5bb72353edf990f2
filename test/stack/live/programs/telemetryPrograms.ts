import { join } from 'node:path';
import { telemetryEnv } from './handoffServer.js';
import { answers, LiveProgram } from './liveProgram.js';

const root = join(import.meta.dirname, '../../../..');
const program = (name: string): string[] => ['--import', join(root, 'tools/resolveSource.mjs'), join(root, 'test/stack/live/load', name)];

interface Options {
  /** Also its `service.name`. */
  readonly name: string;
  readonly logFolder: string;
  readonly otlpUrl: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `load/toolServer.ts`: an instrumented server that has nothing to do with handoffs. */
export function startToolServer(options: Options & { readonly databaseUrl: string }): Promise<LiveProgram<'mcp'>> {
  const { name, logFolder, otlpUrl, databaseUrl, env = {} } = options;
  return LiveProgram.start<'mcp'>({
    name,
    logFolder,
    ports: ['mcp'],
    launch: ({ mcp }) => ({
      command: process.execPath,
      args: program('toolServer.ts'),
      cwd: root,
      env: { ...telemetryEnv(name, otlpUrl), TOOL_SERVER_PORT: String(mcp), TOOL_SERVER_DATABASE_URL: databaseUrl, ...env },
    }),
    probe: ({ mcp }) => answers(`http://127.0.0.1:${mcp}/fault/none`),
  });
}

/** `load/agent.ts`: an instrumented client of both servers. */
export function startAgent(options: Options & { readonly toolsUrl: string; readonly handoffUrl: string }): Promise<LiveProgram<never>> {
  const { name, logFolder, otlpUrl, toolsUrl, handoffUrl } = options;
  return LiveProgram.start<never>({
    name,
    logFolder,
    ports: [],
    launch: () => ({
      command: process.execPath,
      args: [...program('agent.ts'), toolsUrl, handoffUrl],
      cwd: root,
      env: telemetryEnv(name, otlpUrl),
    }),
    probe: () => Promise.resolve(),
  });
}
