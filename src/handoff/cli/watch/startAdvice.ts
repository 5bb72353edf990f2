import { errorCode, errorMessage } from '../../../errors/classify.js';

/** What people give in the place of the command that runs it. */
const SOURCE = /\.[cm]?[jt]sx?$/i;

/** Returns why a program could not be started, and what to write instead. */
export function startAdvice(command: string, error: unknown): string {
  const code = errorCode(error);
  if (code !== 'ENOENT' && code !== 'EACCES') return errorMessage(error);
  if (SOURCE.test(command)) return `it is not a program by itself. Write: handoff-otel watch node ${command}`;
  return code === 'ENOENT'
    ? 'there is no such program (ENOENT). Name it as in a shell: a command on the PATH, or a file with its folder, such as ./server'
    : 'it may not be run (EACCES). Name a program, or make the file executable';
}
