import type { CommandContext } from '../command.js';
import { inWordsOfOptions } from './wordsOfOptions.js';
import { UsageError } from '../usageError.js';
import { withServices } from '../withServices.js';
import { retentionUsages } from '../usages.js';
import { actions } from './actions.js';

/** `handoff-otel retention ...`: what operators do about how long things are kept. */
export async function retention(context: CommandContext): Promise<number> {
  const [name = '', ...rest] = context.args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined)
    throw new UsageError(name === '' ? 'An action is required.' : `Unknown action: ${name}.`, Object.values(retentionUsages));
  const run = await inWordsOfOptions(async () => action(rest));
  return withServices(context, (services) => inWordsOfOptions(() => run(services.retention, context.streams)));
}
