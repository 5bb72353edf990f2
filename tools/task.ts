import { spawnSync } from 'node:child_process';
import { tasks } from './tasks.js';

// Runs one of the long programs by its name: `npm run bench startup -- --check`. Without a name it lists them.
//
// node --import ./tools/resolveSource.mjs tools/task.ts <bench | compare | prove> [name] [arguments of the program…]

const [group = '', name, ...rest] = process.argv.slice(2);
const known = tasks[group] ?? {};
const task = name === undefined ? undefined : known[name];

if (task === undefined) {
  const width = Math.max(...Object.keys(known).map((word) => word.length));
  const list = Object.entries(known).map(([word, { summary }]) => `  ${word.padEnd(width)}  ${summary}\n`);
  const problem = name === undefined ? '' : `${group} has no task called ${name}.\n\n`;
  process.stderr.write(`${problem}Usage: npm run ${group} <name> -- [arguments]\n\n${list.join('')}`);
  process.exitCode = 2;
} else {
  const built =
    task.withoutBuild === true ? 0 : run('npm', ['run', '--silent', 'build', ...(task.withMaps === true ? ['--', '--maps'] : [])]);
  process.exitCode = built === 0 ? run(process.execPath, [...task.args, ...rest]) : built;
}

function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}
