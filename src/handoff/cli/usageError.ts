import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { errorMessage } from '../../errors/classify.js';
import { HandoffError } from '../../errors/handoffError.js';

/** Returns how a command is written, a line for each form. */
export function usageText(usage: string | readonly string[]): string {
  return [usage]
    .flat()
    .map((form, index) => `${index === 0 ? 'Usage:' : '      '} handoff-otel ${form}`)
    .join('\n');
}

/** Thrown for a command line that cannot be parsed. The CLI exits with 2. */
export class UsageError extends HandoffError {
  override readonly code = 'HANDOFF_USAGE';

  /** @param usage how the command is written, in each of the forms that were possible */
  constructor(problem: string, usage: string | readonly string[]) {
    super(`${problem}\n${usageText(usage)}`, {});
  }
}

/** Parses the options of a command line; throws a `UsageError` for anything not in `options`. */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(errorMessage(error), usage);
  }
}
