import { ProtocolError, ProtocolErrorCode, ResourceTemplate } from '@modelcontextprotocol/server';
import type { McpServer, ReadResourceResult, Variables } from '@modelcontextprotocol/server';
import { InvalidCursorError } from '../../errors/invalidCursorError.js';
import { safeFailure } from '../tools/internalFailure.js';
import { OptionalQueryTemplate } from './queryTemplate.js';
import type { QueryTemplate } from './queryTemplate.js';

/** One resource of the handoff server: an address with optional query, and what to answer. */
export interface ResourceDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly uri: QueryTemplate;
  /** Answers with what becomes the JSON text; `meta` goes beside it. */
  read(uri: URL, variables: Variables): Promise<ResourceAnswer>;
}

export interface ResourceAnswer {
  readonly body: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
}

const MIME_TYPE = 'application/json';
const INDENT = 2;

/** Makes a resource ready once; the function returned adds it to a server instance. */
export function prepareResource(resource: ResourceDefinition): (server: McpServer) => void {
  const { name, title, description, uri: parts } = resource;
  const metadata = { title, description, mimeType: MIME_TYPE };
  const template = new ResourceTemplate(new OptionalQueryTemplate(parts), { list: undefined });
  const read = (uri: URL, variables: Variables): Promise<ReadResourceResult> => answer(uri, () => resource.read(uri, variables));
  return (server) => {
    if (parts.parameter === undefined) {
      // Listed as a plain resource too, so that a client that knows no templates finds it.
      server.registerResource(name, parts.prefix, metadata, (uri) => read(uri, {}));
      server.registerResource(`${name}-filtered`, template, metadata, read);
    } else {
      server.registerResource(name, template, metadata, read);
    }
  };
}

async function answer(uri: URL, read: () => Promise<ResourceAnswer>): Promise<ReadResourceResult> {
  try {
    const { body, meta } = await read();
    const content = { uri: uri.href, mimeType: MIME_TYPE, text: JSON.stringify(body, null, INDENT) };
    return { contents: [meta === undefined ? content : { ...content, _meta: { ...meta } }] };
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    if (thrown instanceof InvalidCursorError) throw new ProtocolError(ProtocolErrorCode.InvalidParams, thrown.message);
    const { code, details } = safeFailure(thrown);
    throw new ProtocolError(ProtocolErrorCode.InternalError, details, { code });
  }
}
