import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { program } from './program.js';

/** A way for a process to end. */
export interface Ending {
  readonly name: string;
  /** What may be lost: nothing, or, where nobody asked us to hold the process, what was not sent yet. */
  readonly promise: 'everything' | 'nothing';
  readonly code: string;
  /** What the test does when the program is ready. */
  readonly kill?: (child: ChildProcessWithoutNullStreams) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** Spans and records it makes. Default: 700. */
  readonly made?: number;
}

const FLUSH_ON_EXIT = { HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true' };
const STDIO = '{ stdio: true }';
/** A client that does not wait for its server. */
const KILLED_SOON = 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 2500);';

const raised = (signal: NodeJS.Signals): Ending => ({
  name: signal,
  promise: 'everything',
  code: program('ready();'),
  kill: (child) => child.kill(signal),
});

const MCP_SERVER = `
  const { McpServer } = await import('@modelcontextprotocol/server');
  const { PassThrough } = await import('node:stream');
  const { StdioServerTransport } = await import('@modelcontextprotocol/server/stdio');
  const server = new McpServer({ name: 's', version: '1' });
  const input = new PassThrough();
  await server.connect(new StdioServerTransport(input, new PassThrough()));
  ready();
  await server.close();
  ${KILLED_SOON}`;

/** The event loop still runs, so everything is sent as usual. */
export const orderly: readonly Ending[] = [
  raised('SIGTERM'),
  raised('SIGINT'),
  raised('SIGHUP'),
  {
    name: 'stdin end, killed soon after',
    promise: 'everything',
    code: program(`process.stdin.on('end', () => { ${KILLED_SOON} }).resume(); ready();`, STDIO),
    kill: (child) => child.stdin.end(),
  },
  { name: 'MCP transport close, killed soon after', promise: 'everything', code: program(MCP_SERVER) },
  { name: 'natural end', promise: 'everything', code: program('clearInterval(alive); ready();') },
  // Once because the program is over, and once more because our flush has put its end off.
  {
    name: 'natural end, host listens to beforeExit',
    promise: 'everything',
    code: program(`process.on('beforeExit', () => make(1)); clearInterval(alive); ready();`),
    made: 702,
  },
];

/** The event loop never runs again. */
export const sudden: readonly Ending[] = [
  { name: 'process.exit, flushOnProcessExit', promise: 'everything', code: program('ready(); process.exit(3);'), env: FLUSH_ON_EXIT },
  {
    name: 'process.exit in SIGTERM listener, flushOnProcessExit',
    promise: 'everything',
    code: program(`process.on('SIGTERM', () => process.exit(4)); ready();`),
    env: FLUSH_ON_EXIT,
    kill: (child) => child.kill('SIGTERM'),
  },
  { name: 'uncaught exception', promise: 'everything', code: program('ready(); setTimeout(() => { throw new TypeError("secret"); }, 1);') },
  { name: 'unhandled rejection', promise: 'everything', code: program('ready(); void Promise.reject(new RangeError("secret"));') },
  { name: 'throw at top level', promise: 'everything', code: program('ready(); throw new SyntaxError("secret");') },
  {
    name: 'uncaught exception, host listens and exits',
    promise: 'everything',
    code: program(`process.on('uncaughtException', () => process.exit(6)); ready(); setTimeout(() => { throw new Error('secret'); }, 1);`),
  },
  // Packages that run code at the end of a program bring listeners such as these (exit-hook, async-exit-hook, close-with-grace).
  {
    name: 'natural end, exit-hook in the host',
    promise: 'everything',
    code: program(`const { default: exitHook } = await import('exit-hook'); exitHook(() => make(1)); clearInterval(alive); ready();`),
    made: 701,
  },
  {
    name: 'natural end, host awaits and exits in beforeExit',
    promise: 'everything',
    code: program(`process.once('beforeExit', () => setTimeout(() => { make(1); process.exit(5); }, 100)); clearInterval(alive); ready();`),
    made: 701,
  },
];

/** Nothing is promised: these show that the count can tell a loss. */
export const lossy: readonly Ending[] = [
  { name: 'process.exit', promise: 'nothing', code: program('ready(); process.exit(3);') },
  {
    name: 'process.exit in SIGTERM listener',
    promise: 'nothing',
    code: program(`process.on('SIGTERM', () => process.exit(4)); ready();`),
    kill: (child) => child.kill('SIGTERM'),
  },
  { name: 'SIGKILL', promise: 'nothing', code: program('ready();'), kill: (child) => child.kill('SIGKILL') },
];
