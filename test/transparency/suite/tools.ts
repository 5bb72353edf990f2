import { setTimeout as delay } from 'node:timers/promises';
import { audio, embedded, image, text } from './content.js';
import type { Content } from './content.js';
import { defaultsSchema, enumsSchema, userSchema } from './elicitations.js';
import type { ElicitationSchema } from './elicitations.js';

/** What a tool may do beyond answering; each SDK generation has its adapter. */
export interface Caller {
  log(message: string): Promise<void>;
  /** Does nothing when the caller did not ask for progress. */
  progress(done: number, total: number): Promise<void>;
  /** The text the client's model answered. */
  sample(prompt: string): Promise<string>;
  elicit(message: string, schema: ElicitationSchema): Promise<{ readonly action: string; readonly content?: unknown }>;
  /** Ends the event stream before the answer, where the client can take it up again. */
  closeStream(): void;
}

export interface FixtureTool {
  readonly name: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  run(args: Readonly<Record<string, unknown>>, caller: Caller): Promise<readonly Content[]>;
}

const STEP_MS = 50;
const noArguments = { type: 'object', properties: {} };
const oneString = (name: string): FixtureTool['inputSchema'] => ({
  type: 'object',
  properties: { [name]: { type: 'string' } },
  required: [name],
});

function tool(name: string, run: FixtureTool['run'], inputSchema: FixtureTool['inputSchema'] = noArguments): FixtureTool {
  return { name, inputSchema, run };
}

function answering(name: string, ...content: readonly Content[]): FixtureTool {
  return tool(name, () => Promise.resolve(content));
}

function eliciting(name: string, schema: ElicitationSchema): FixtureTool {
  return tool(name, async (_args, caller) => {
    const { action, content } = await caller.elicit('Please fill in the form', schema);
    return [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)];
  });
}

/** The tool whose schema uses keywords an SDK might drop. */
const schemaTool = tool('json_schema_2020_12_tool', (args) => Promise.resolve([text(JSON.stringify(args))]), {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
});

export const tools: readonly FixtureTool[] = [
  answering('test_simple_text', text('This is a simple text response for testing.')),
  answering('test_image_content', image()),
  answering('test_audio_content', audio()),
  answering('test_embedded_resource', embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')),
  answering(
    'test_multiple_content_types',
    text('Multiple content types test:'),
    image(),
    embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ),
  tool('test_error_handling', () => Promise.reject(new Error('This tool intentionally returns an error for testing'))),
  tool('test_tool_with_logging', async (_args, caller) => {
    await caller.log('Tool execution started');
    await delay(STEP_MS);
    await caller.log('Tool processing data');
    await delay(STEP_MS);
    await caller.log('Tool execution completed');
    return [text('Logged three times.')];
  }),
  tool('test_tool_with_progress', async (_args, caller) => {
    await caller.progress(0, 100);
    await delay(STEP_MS);
    await caller.progress(50, 100);
    await delay(STEP_MS);
    await caller.progress(100, 100);
    return [text('Done.')];
  }),
  tool(
    'test_sampling',
    async (args, caller) => [text(`LLM response: ${await caller.sample(String(args['prompt']))}`)],
    oneString('prompt'),
  ),
  tool(
    'test_elicitation',
    async (args, caller) => {
      const { action, content } = await caller.elicit(String(args['message']), userSchema);
      return [text(`User response: action: ${action}, content: ${JSON.stringify(content)}`)];
    },
    oneString('message'),
  ),
  eliciting('test_elicitation_sep1034_defaults', defaultsSchema),
  eliciting('test_elicitation_sep1330_enums', enumsSchema),
  tool('test_reconnection', async (_args, caller) => {
    await delay(STEP_MS);
    caller.closeStream();
    await delay(STEP_MS);
    return [text('Answered after the stream was closed.')];
  }),
  schemaTool,
];
