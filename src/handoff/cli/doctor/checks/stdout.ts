import { spawn } from 'node:child_process';
import type { Check } from '../examination/check.js';
import { failure, fine } from '../examination/finding.js';

const LIMIT_MS = 15_000;
const SHOWN_CHARACTERS = 80;

/** What is loaded before every program, such as a package that reads `.env` files and says so, would speak before the server does. */
export const stdoutCheck: Check = {
  name: 'logs.stdout',
  group: 'logs',
  looksWhether: 'Node prints nothing on stdout by itself in this environment (`NODE_OPTIONS`), where an MCP client reads JSON-RPC',
  limitMs: LIMIT_MS,
  run: async ({ env }) => {
    const printed = await printedByNode(env);
    if (printed === '') return [fine('Nothing but the server writes to stdout.')];
    return [
      failure(
        `A program that does nothing prints on stdout: ${JSON.stringify(printed.slice(0, SHOWN_CHARACTERS))}.`,
        'Find what NODE_OPTIONS loads (--require, --import) and make it silent: on stdio every line must be JSON-RPC.',
      ),
    ];
  },
};

function printedByNode(env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    // It must start even where telemetry is misconfigured, and send none of its own.
    const child = spawn(process.execPath, ['-e', ''], {
      env: { ...env, OTEL_SDK_DISABLED: 'true' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LIMIT_MS - 1000,
    });
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (part: string) => {
      if (text.length < SHOWN_CHARACTERS) text += part;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}
