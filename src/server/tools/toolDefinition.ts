import type { CallToolResult, McpServer, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { inputProblems } from './invalidInput.js';
import { safeFailure } from './internalFailure.js';
import { failure } from './reply.js';

/** One tool of the handoff server. */
export interface ToolDefinition<Shape extends z.core.$ZodLooseShape = z.core.$ZodLooseShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly shape: Shape;
  /** `error` of the answer when the tool fails inside; fixed by the contract. */
  readonly internalError: string;
  run(args: z.output<z.ZodObject<Shape>>): Promise<CallToolResult>;
}

/** Adds a tool, made ready once, to a server instance. HTTP makes an instance a request, so this must cost next to nothing. */
export type AddTool = (server: McpServer) => void;

/**
 * Makes a tool ready whose bad input is answered in the contract's shape.
 *
 * The SDK would answer a failed schema with a text of its own, so it is given a schema that describes the arguments
 * and accepts anything; the real check is here, before the tool runs.
 */
export function prepareTool<Shape extends z.core.$ZodLooseShape>(tool: ToolDefinition<Shape>): AddTool {
  const schema = z.object(tool.shape);
  const shape = schema.shape as unknown as Readonly<Record<string, z.ZodType>>;
  const config = { title: tool.title, description: tool.description, inputSchema: describedOnly(schema) };
  const handle = async (args: unknown): Promise<CallToolResult> => {
    try {
      const parsed = schema.safeParse(args);
      if (!parsed.success) return failure('Invalid input', { problems: inputProblems(parsed.error, shape, args) });
      return await tool.run(parsed.data);
    } catch (thrown) {
      return failure(tool.internalError, safeFailure(thrown));
    }
  };
  return (server) => void server.registerTool(tool.name, config, handle);
}

function describedOnly(schema: z.ZodObject): StandardSchemaWithJSON {
  const jsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    '~standard': {
      version: 1,
      vendor: 'handoff-otel',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
    },
  };
}
