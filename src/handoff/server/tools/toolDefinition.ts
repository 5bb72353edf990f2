import type { CallToolResult, Icon, McpServer, ServerContext, StandardSchemaWithJSON, ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Answering } from '../admit.js';
import { answerRoom } from '../answers/answerRoom.js';
import type { AnswerRoom } from '../answers/answerRoom.js';
import type { InputProblem } from '../answers/inputProblem.js';
import { inputProblems } from './invalidInput.js';
import { safeFailure } from '../../resilience/errors/safeFailure.js';
import { inTool } from '../../../telemetry/currentTool.js';
import { failure, toCallToolResult } from './reply.js';
import type { ToolReply } from './reply.js';
import { nullsLeftOut } from './nullArguments.js';
import { ignoredNote, unknownArguments } from './unknownArguments.js';

/** One tool of the handoff server. */
export interface ToolDefinition<Shape extends z.core.$ZodLooseShape = z.core.$ZodLooseShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly icons: Icon[];
  readonly annotations: ToolAnnotations;
  readonly shape: Shape;
  /** Describes a success. */
  readonly output: z.ZodObject;
  /** `error` of the answer when the tool fails internally; fixed by the contract. */
  readonly internalError: string;
  /** Whether its duration depends on what is asked more than on the load. */
  readonly isUnmeasured?: true;
  /** `room` says how large the answer may be; most answers need not ask. `signal` is aborted when the caller has gone. */
  run(args: z.output<z.ZodObject<Shape>>, room: () => AnswerRoom, signal: AbortSignal): Promise<ToolReply>;
}

/** Adds a tool, prepared once, to a server instance. HTTP creates an instance per request, so this must be very cheap. */
export type AddTool = (server: McpServer) => void;

/**
 * Prepares a tool that answers invalid input in the contract's format, and whose answers are no larger than `maxAnswerBytes`, and
 * that begins a call with valid input when it is its turn.
 *
 * The SDK would answer a failed schema with its own text, so it is given a schema that describes the arguments
 * and accepts anything; the real check is here, before the tool runs.
 */
export function prepareTool<Shape extends z.core.$ZodLooseShape>(
  tool: ToolDefinition<Shape>,
  { maxAnswerBytes, admit, degraded, onRefusedInput }: Answering,
): AddTool {
  const schema = z.object(tool.shape);
  const shape = schema.shape as unknown as Readonly<Record<string, z.ZodType>>;
  const unknownIn = unknownArguments(shape);
  const withoutNulls = nullsLeftOut(shape);
  const { title, description, icons, annotations } = tool;
  const config = {
    title,
    description,
    icons,
    annotations,
    inputSchema: describedOnly(schema, 'input'),
    outputSchema: describedOnly(tool.output, 'output'),
  };
  const refused = (args: unknown, problems: readonly InputProblem[]): ToolReply => {
    // Other names than the tool's own were made up by the caller.
    const names = problems.map(({ path }) => path.split('.', 1)[0] ?? '').filter((name) => Object.hasOwn(shape, name));
    onRefusedInput(tool.name, args, [...new Set(names)]);
    return failure('Invalid input', { problems });
  };
  const reply = async (given: unknown, { mcpReq: { id, signal } }: ServerContext): Promise<ToolReply> => {
    try {
      const args = withoutNulls(given);
      const parsed = schema.safeParse(args);
      const { misspelt, ignored } = unknownIn(args);
      if (!parsed.success) return refused(args, [...inputProblems(parsed.error, shape, args), ...misspelt]);
      if (misspelt.length > 0) return refused(args, misspelt);
      const run = (): Promise<ToolReply> =>
        inTool(tool.name, () => tool.run(parsed.data, () => answerRoom(maxAnswerBytes, true, { id }), signal));
      const { body, ...others } = await admit(run, { isMeasured: tool.isUnmeasured !== true, signal });
      return { ...others, body: ignored.length === 0 ? body : { ...body, ...ignoredNote(ignored) } };
    } catch (thrown) {
      return failure(tool.internalError, safeFailure(thrown));
    }
  };
  const handle = async (args: unknown, context: ServerContext): Promise<CallToolResult> => {
    const given = await reply(args, context);
    const off = degraded();
    return toCallToolResult(off.length === 0 ? given : { ...given, body: { ...given.body, degraded: off } });
  };
  return (server) => void server.registerTool(tool.name, config, handle);
}

function describedOnly(schema: z.ZodObject, io: 'input' | 'output'): StandardSchemaWithJSON {
  const jsonSchema = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return {
    '~standard': {
      version: 1,
      vendor: 'handoff-otel',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
    },
  };
}
