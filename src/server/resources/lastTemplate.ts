import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { Variables } from '@modelcontextprotocol/server';
import { OptionalQueryTemplate } from './queryTemplate.js';
import type { QueryTemplate } from './queryTemplate.js';

const LONGEST_SHOWN = 200;

/**
 * The template that is asked last. The SDK goes through the templates in the order in which they were added and then says
 * only that the resource was not found; here the answer also says which there are. Delete when the SDK lets a server word
 * that answer.
 */
export class LastTemplate extends OptionalQueryTemplate {
  readonly #others: readonly QueryTemplate[];

  constructor(parts: QueryTemplate, others: readonly QueryTemplate[]) {
    super(parts);
    this.#others = [...others, parts];
  }

  override match(uri: string): Variables | null {
    const variables = super.match(uri);
    if (variables === null) throw new ResourceNotFoundError(uri, notFound(uri, this.#others));
    return variables;
  }
}

function notFound(uri: string, resources: readonly QueryTemplate[]): string {
  const shown = uri.length > LONGEST_SHOWN ? `${uri.slice(0, LONGEST_SHOWN)}...` : uri;
  return `Resource not found: ${shown}. There are ${resources.map(({ template }) => template).join(', ')}.`;
}
