import type { CommandContext } from '../command.js';
import { UsageError } from '../usageError.js';
import { withServices } from '../withServices.js';
import { actions } from './actions.js';

const USAGE = 'retention list|set|remove|rules|assign|hold|release|erase|report [--json], with the options in docs/retention.md';

/** `handoff-otel retention ...`: what operators do about how long things are kept. */
export async function retention(context: CommandContext): Promise<number> {
  const [name = '', ...rest] = context.args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw new UsageError(name === '' ? 'An action is required.' : `Unknown action: ${name}`, USAGE);
  const run = action(rest);
  return withServices(context, (services) => run(services.retention, context.streams));
}
