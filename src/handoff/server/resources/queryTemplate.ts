import { UriTemplate } from '@modelcontextprotocol/server';
import type { Variables } from '@modelcontextprotocol/server';
import { tooLong } from './parameters.js';

/** Position of a template's path parameter in the pattern of its URIs. */
export interface QueryTemplate {
  /** As listed to clients: `handoff://context/{sessionKey}{?after,limit}`. */
  readonly template: string;
  /** `handoff://context/{sessionKey}` split at its parameter. */
  readonly prefix: string;
  readonly parameter?: string;
  readonly suffix: string;
  readonly query: readonly string[];
}

/**
 * A URI template whose query parameters are all optional and in any order, as RFC 6570 defines `{?a,b}`; the SDK's
 * own matcher requires all of them, in order. Delete when it no longer does.
 */
export class OptionalQueryTemplate extends UriTemplate {
  readonly #parts: QueryTemplate;

  constructor(parts: QueryTemplate) {
    super(parts.template);
    this.#parts = parts;
  }

  override match(uri: string): Variables | null {
    const refused = tooLong(uri);
    if (refused !== undefined) return refused;
    const { prefix, parameter, suffix, query } = this.#parts;
    const [path = '', search = ''] = splitOnce(uri, '?');
    if (!path.startsWith(prefix) || !path.endsWith(suffix) || path.length < prefix.length + suffix.length) return null;
    const middle = path.slice(prefix.length, path.length - suffix.length);
    if ((parameter === undefined) !== (middle === '')) return null;
    const variables: Variables = {};
    if (parameter !== undefined) variables[parameter] = middle;
    for (const [name, value] of new URLSearchParams(search)) {
      // Unknown parameters are kept under their names: silently ignoring a misspelt filter would show the wrong sessions.
      variables[query.includes(name) ? name : `unknown:${name}`] = value;
    }
    return variables;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
