import { spawn } from 'node:child_process';
import { TestServiceError } from '../../setup/testServiceError.js';

/**
 * Runs `go` in `cwd` and returns what it wrote to stdout.
 *
 * @throws TestServiceError if there is no Go, or with the end of its output if it fails.
 */
export function runGo(cwd: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, { cwd, env: { ...process.env, GOWORK: 'off' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let answer = '';
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output = `${output}${chunk.toString()}`.slice(-20_000)));
    child.once('error', (cause) => {
      reject(new TestServiceError('Go 1.26 or newer could not be started: install it from https://go.dev/dl/.', { cause }));
    });
    child.once('close', (code) => {
      if (code === 0) resolve(answer);
      else reject(new TestServiceError(`go ${args.join(' ')} failed with status ${String(code)}:\n${output}`));
    });
  });
}
