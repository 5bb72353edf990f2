import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectToJobs, fakeJobs, result, status } from '../unit/handoff/server/fakeJobs.js';

/** What clients of the earlier server bind to, as literals: the job tools and resources. */

let client: Client;
beforeAll(async () => {
  client = await connectToJobs();
});
afterAll(() => client.close());

async function call(name: string, args: Record<string, unknown>): Promise<{ text: string; isError: unknown; structured: unknown }> {
  const { content, isError, structuredContent } = await client.callTool({ name, arguments: args });
  const [item, ...others] = content as { text: string }[];
  expect(others).toEqual([]);
  return { text: item?.text ?? '', isError, structured: structuredContent };
}

const NAMES = ['session-cleanup', 'dormant-detection', 'retention-enforcement', 'cache-optimization'];

describe('the tools', () => {
  it('come after those for sessions, and only where there are jobs', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).slice(-3)).toEqual(['get_job_status', 'run_job_now', 'update_job_config']);
    const without = await connectToJobs({ ...fakeJobs, names: [] });
    expect((await without.listTools()).tools).toHaveLength(tools.length - 3);
    await without.close();
  });

  it.each([
    ['get_job_status', true, true, false],
    ['run_job_now', false, true, true],
    ['update_job_config', false, true, false],
  ])('%s says whether it reads only (%s), may be repeated (%s) and takes something away (%s)', async (name, ...hints) => {
    const tool = (await client.listTools()).tools.find((each) => each.name === name);
    const [readOnlyHint, idempotentHint, destructiveHint] = hints;
    expect(tool?.annotations).toEqual({ readOnlyHint, idempotentHint, destructiveHint, openWorldHint: false });
  });

  it('accept the arguments of the contract', async () => {
    const { tools } = await client.listTools();
    const schemaOf = (name: string): unknown => tools.find((each) => each.name === name)?.inputSchema;
    expect(schemaOf('get_job_status')).toMatchObject({ properties: { jobName: { type: 'string' } } });
    expect(schemaOf('run_job_now')).toMatchObject({ properties: { jobName: { type: 'string', enum: NAMES } }, required: ['jobName'] });
    expect(schemaOf('update_job_config')).toMatchObject({
      properties: {
        jobName: { enum: NAMES },
        config: {
          type: 'object',
          properties: {
            intervalMs: { type: 'number' },
            enabled: { type: 'boolean' },
            maxRetries: { type: 'number' },
            retryDelayMs: { type: 'number' },
          },
        },
      },
      required: ['jobName', 'config'],
    });
  });
});

describe('get_job_status', () => {
  it('answers with a map of all jobs, without an envelope', async () => {
    const { text, isError, structured } = await call('get_job_status', {});
    expect(isError).toBeUndefined();
    expect(Object.keys(JSON.parse(text) as object)).toEqual(NAMES);
    expect(structured).toEqual(JSON.parse(text));
    const first = (JSON.parse(text) as Record<string, object>)['session-cleanup'];
    expect(Object.keys(first ?? {})).toEqual(['running', 'config', 'stats', 'deadLetters']);
    expect(first).toEqual(status('session-cleanup'));
  });

  it('answers with one entry for a name, and with none for an unknown one', async () => {
    expect(JSON.parse((await call('get_job_status', { jobName: 'session-cleanup' })).text)).toEqual({
      'session-cleanup': status('session-cleanup'),
    });
    expect(await call('get_job_status', { jobName: 'nobody' })).toEqual({ text: '{}', isError: undefined, structured: {} });
  });
});

describe('run_job_now', () => {
  it('answers with the result after a sentence', async () => {
    const { text, isError, structured } = await call('run_job_now', { jobName: 'session-cleanup' });
    expect(isError).toBeUndefined();
    const [sentence, json] = [text.slice(0, 27), text.slice(27)];
    expect(sentence).toBe('Job executed successfully: ');
    expect(JSON.parse(json)).toEqual(result('session-cleanup'));
    expect(json).toBe(JSON.stringify(result('session-cleanup'), null, 2));
    expect(structured).toEqual(result('session-cleanup'));
  });

  it.each([
    ['dormant-detection', { success: false, error: 'Job dormant-detection is already running', jobName: 'dormant-detection' }],
    ['retention-enforcement', { success: false, error: 'Job retention-enforcement has not ended yet', jobName: 'retention-enforcement' }],
    ['cache-optimization', { success: false, error: 'Job cache-optimization failed', result: { success: false, error: '57014' } }],
    ['nobody', { success: false, error: 'Invalid input', problems: [{ path: 'jobName', problem: 'is not one of the allowed values' }] }],
  ])('says why %s was not run to its end', async (jobName, expected) => {
    const { text, isError } = await call('run_job_now', { jobName });
    expect(isError).toBe(true);
    expect(JSON.parse(text)).toMatchObject(expected);
  });
});

describe('update_job_config', () => {
  it('answers with a sentence', async () => {
    const { text, isError, structured } = await call('update_job_config', {
      jobName: 'session-cleanup',
      config: { intervalMs: 1_800_000, enabled: false },
    });
    expect([text, isError]).toEqual(['Job configuration updated for session-cleanup', undefined]);
    expect(structured).toMatchObject({ jobName: 'session-cleanup', config: { intervalMs: 1_800_000, enabled: false, maxRetries: 3 } });
  });

  it.each([
    [{ intervalMs: -1 }, 'config.intervalMs', 'is too small'],
    [{ intervalMs: 0 }, 'config.intervalMs', 'is too small'],
    [{ intervalMs: 90_000.5 }, 'config.intervalMs', 'is not a whole number'],
    [{ intervalMs: '60000' }, 'config.intervalMs', 'is not of type number'],
    [{ retryDelayMs: 1500 }, 'config.retryDelayMs', 'is not a number of whole seconds, and is not rounded'],
    [{ maxRetries: 1000 }, 'config.maxRetries', 'is too large'],
    [{ enabled: 'false' }, 'config.enabled', 'is not of type boolean'],
    [{}, 'config', 'changes nothing'],
    [{ interval: 60_000 }, 'config', 'has keys other than those that are allowed'],
  ])('refuses %o', async (config, path, problem) => {
    const { text, isError } = await call('update_job_config', { jobName: 'session-cleanup', config });
    expect(isError).toBe(true);
    expect(JSON.parse(text)).toEqual({
      success: false,
      error: 'Invalid input',
      problems: [{ path, problem, allowed: expect.stringMatching(/^[A-Z].{10}/) }],
    });
  });

  it('refuses an unknown job', async () => {
    const { text, isError } = await call('update_job_config', { jobName: 'nobody', config: { enabled: true } });
    expect(isError).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ error: 'Invalid input', problems: [{ path: 'jobName' }] });
  });
});

describe('the resources', () => {
  async function read(uri: string): Promise<unknown> {
    const { contents } = await client.readResource({ uri });
    const [content] = contents as { mimeType: string; text: string }[];
    expect(content?.mimeType).toBe('application/json');
    return JSON.parse(content?.text ?? 'null');
  }

  it('are listed', async () => {
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['handoff://sessions', 'handoff://jobs']);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('handoff://jobs/{jobName}');
  });

  it('say what get_job_status says', async () => {
    expect(await read('handoff://jobs')).toEqual(Object.fromEntries(NAMES.map((name) => [name, status(name)])));
    expect(await read('handoff://jobs/cache-optimization')).toEqual(status('cache-optimization'));
    expect(await read('handoff://jobs/cache%2Doptimization')).toEqual(status('cache-optimization'));
  });

  it('name the jobs where one is unknown', async () => {
    await expect(read('handoff://jobs/nobody')).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Job not found: nobody. The jobs are: session-cleanup,'),
    });
    for (const name of ['toString', '__proto__']) await expect(read(`handoff://jobs/${name}`)).rejects.toThrow(`Job not found: ${name}.`);
    await expect(read('handoff://jobs?name=x')).rejects.toThrow('Resource not found');
  });
});
