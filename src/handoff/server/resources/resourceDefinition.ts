import { ProtocolError, ProtocolErrorCode, ResourceTemplate } from '@modelcontextprotocol/server';
import type { Icon, McpServer, ReadResourceResult, ServerContext, Variables } from '@modelcontextprotocol/server';
import { InvalidCursorError } from '../../../errors/invalidCursorError.js';
import type { Answering } from '../admit.js';
import { answerRoom } from '../answers/answerRoom.js';
import type { AnswerRoom } from '../answers/answerRoom.js';
import { jsonText } from '../answers/jsonSize.js';
import { safeFailure } from '../../resilience/errors/safeFailure.js';
import type { OptionalQueryTemplate, QueryTemplate } from './queryTemplate.js';

/** One resource of the handoff server: an address with an optional query, and its answer. */
export interface ResourceDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly icons: Icon[];
  readonly uri: QueryTemplate;
  /** Values of a parameter of the address, for clients that ask how to complete it. */
  readonly completions?: Readonly<Record<string, readonly string[]>>;
  /** Whether its duration depends on what is asked more than on the load. */
  readonly isUnmeasured?: true;
  /** Returns the value that becomes the JSON text; `meta` is sent alongside it. */
  read(uri: URL, variables: Variables, room: AnswerRoom): Promise<ResourceAnswer>;
}

export interface ResourceAnswer {
  readonly body: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
}

const MIME_TYPE = 'application/json';

/** Prepares a resource once; the returned function adds it to a server instance. */
export function prepareResource(
  resource: ResourceDefinition,
  uriTemplate: OptionalQueryTemplate,
  { maxAnswerBytes, admit, degraded }: Answering,
): (server: McpServer) => void {
  const { name, title, description, icons, uri: parts, completions = {} } = resource;
  const metadata = { title, description, icons, mimeType: MIME_TYPE };
  const template = new ResourceTemplate(uriTemplate, { list: undefined, ...completing(completions) });
  const read = (uri: URL, variables: Variables, { mcpReq: { id, signal } }: ServerContext): Promise<ReadResourceResult> =>
    answer(uri, degraded, () =>
      admit(() => resource.read(uri, variables, answerRoom(maxAnswerBytes, false, { id, uri: uri.href })), {
        isMeasured: resource.isUnmeasured !== true,
        signal,
      }),
    );
  return (server) => {
    if (parts.parameter === undefined) {
      // Also listed as a plain resource, so that a client without template support finds it.
      server.registerResource(name, parts.prefix, metadata, (uri, context) => read(uri, {}, context));
      if (parts.query.length > 0) server.registerResource(`${name}-filtered`, template, metadata, read);
    } else {
      server.registerResource(name, template, metadata, read);
    }
  };
}

/** Without values the SDK is told of none: it announces the capability of completing as soon as one template has any. */
function completing(completions: Readonly<Record<string, readonly string[]>>) {
  const complete = Object.entries(completions).map(
    ([name, values]) => [name, (begun: string) => values.filter((value) => value.startsWith(begun))] as const,
  );
  return complete.length === 0 ? {} : { complete: Object.fromEntries(complete) };
}

async function answer(uri: URL, degraded: Answering['degraded'], read: () => Promise<ResourceAnswer>): Promise<ReadResourceResult> {
  try {
    const { body, meta } = await read();
    const content = { uri: uri.href, mimeType: MIME_TYPE, text: jsonText(body) };
    const off = degraded();
    const noted = off.length === 0 ? meta : { ...meta, degraded: off };
    return { contents: [noted === undefined ? content : { ...content, _meta: { ...noted } }] };
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    if (thrown instanceof InvalidCursorError) throw new ProtocolError(ProtocolErrorCode.InvalidParams, thrown.message);
    const { details, ...data } = safeFailure(thrown);
    throw new ProtocolError(ProtocolErrorCode.InternalError, details, data);
  }
}
