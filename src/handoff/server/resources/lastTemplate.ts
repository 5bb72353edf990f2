import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { Variables } from '@modelcontextprotocol/server';
import { OptionalQueryTemplate } from './queryTemplate.js';
import type { ResourceDefinition } from './resourceDefinition.js';

const UNMATCHED = 'unmatched';
const LONGEST_SHOWN = 200;

/**
 * The last template, which matches every remaining address. The SDK tries the templates in the order in which they were added,
 * and its own answer to an address that matches none says only that it was not found. Over HTTP it tries the templates once
 * more, outside any handler, so a mismatch must not be an error yet.
 */
export class LastTemplate extends OptionalQueryTemplate {
  override match(uri: string): Variables {
    return super.match(uri) ?? { [UNMATCHED]: uri };
  }
}

/** The resource behind the last template; answers unknown addresses with the available ones. Delete when the SDK has a hook for that. */
export function namingOthers(last: ResourceDefinition, others: readonly ResourceDefinition[]): ResourceDefinition {
  const templates = [...others, last].map(({ uri }) => uri.template).join(', ');
  return {
    ...last,
    read: async (uri, variables, room) => {
      if (variables[UNMATCHED] === undefined) return last.read(uri, variables, room);
      const shown = uri.href.length > LONGEST_SHOWN ? `${uri.href.slice(0, LONGEST_SHOWN)}...` : uri.href;
      throw new ResourceNotFoundError(uri.href, `Resource not found: ${shown}. Available: ${templates}.`);
    },
  };
}
