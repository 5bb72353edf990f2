import { spawn } from 'node:child_process';

// Runs every gate (an npm script each) and reports its time. It continues after a failure, so that one run shows everything there
// is to fix. `npm run check -- lint knip` runs only those.

const gates = ['format', 'lint', 'typecheck', 'depcruise', 'knip', 'migrations', 'build', 'package-shape', 'docs:api'];

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs one npm script to completion; its output is shown only when it fails. */
function run(script: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}

const asked = process.argv.slice(2);
const failed: string[] = [];
for (const gate of asked.length > 0 ? asked : gates) {
  const startedMs = performance.now();
  const { exitCode, output } = await run(gate);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${gate.padEnd(14)} ${seconds} s\n`);
  if (exitCode !== 0) {
    failed.push(gate);
    process.stdout.write(`${output.trimEnd()}\n\n`);
  }
}
if (failed.length > 0) {
  process.stdout.write(`${failed.length} gate(s) failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
