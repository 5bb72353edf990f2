import { parse } from 'node:path';

type Words = readonly [string, ...string[]];

const SUBCOMMANDS: ReadonlySet<string | undefined> = new Set(['run', 'serve']);

/**
 * Returns the words that start a watched program. Deno is told by an argument which module to load first; Node and Bun are told by a
 * variable, see `programEnv`. Left alone: tasks and other commands of Deno, which take no such argument.
 *
 * @param register URL of the module that instruments the program
 */
export function programWords([command, ...args]: Words, register: string): Words {
  if (parse(command).name !== 'deno') return [command, ...args];
  const preload = `--preload=${register}`;
  const [first = ''] = args;
  if (SUBCOMMANDS.has(first)) return [command, first, preload, ...args.slice(1)];
  // `deno server.ts`, `deno -A npm:some-server`
  return /^-|[./:]/.test(first) ? [command, preload, ...args] : [command, ...args];
}
