import { z } from 'zod';

/** What a fixture tool may do beside answering; each SDK generation has its adapter. */
export interface Talk {
  readonly signal: AbortSignal;
  readonly progressToken: string | number | undefined;
  /** Answers to the input a previous round asked for; undefined in eras that ask by requests. */
  readonly answers: Record<string, unknown> | undefined;
  notify(method: string, params: Record<string, unknown>): Promise<void>;
  request(method: string, params: Record<string, unknown>): Promise<unknown>;
  /** A result that asks the caller for input. */
  needInput(): object;
}

/** What the script must know of the server to go on at the right moment. */
export class Stage {
  hanging = 0;
  aborted = 0;
}

export interface FixtureTool {
  readonly input?: z.ZodObject;
  readonly output?: z.ZodObject;
  run(args: Record<string, unknown>, talk: Talk, stage: Stage): unknown;
}

const text = (value: unknown): object => ({ content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }] });

const notAnError: unknown = 'just a text';

async function outcome(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown) =>
    error instanceof Error ? { failed: error.message, code: (error as { code?: unknown }).code } : String(error),
  );
}

function hang(stage: Stage, { signal }: Talk): Promise<never> {
  stage.hanging += 1;
  return new Promise((_resolve, reject) => {
    const stop = (): void => {
      stage.aborted += 1;
      reject(new Error('hung up'));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}

export const tools: Readonly<Record<string, FixtureTool>> = {
  echo: {
    input: z.object({ text: z.string(), times: z.number().default(1) }),
    run: ({ text: given, times }) => text(String(given).repeat(Number(times))),
  },
  sum: {
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ total: z.number() }),
    run: ({ a, b }) => ({ ...text(''), structuredContent: { total: Number(a) + Number(b) } }),
  },
  badOutput: { output: z.object({ total: z.number() }), run: () => ({ ...text(''), structuredContent: { total: 'many' } }) },
  refuse: { run: () => ({ ...text('no'), isError: true, _meta: { reason: 'policy' } }) },
  explode: {
    run: () => {
      throw new RangeError('boom');
    },
  },
  throwText: {
    run: () => {
      throw notAnError as Error;
    },
  },
  slowly: {
    run: async (_args, { notify, progressToken }) => {
      for (const progress of [1, 2, 3])
        if (progressToken !== undefined) await notify('notifications/progress', { progressToken, progress, total: 3 });
      await notify('notifications/message', { level: 'warning', logger: 'fixture', data: { half: 'way' } });
      return text('done');
    },
  },
  hang: { run: (_args, talk, stage) => hang(stage, talk) },
  interview: {
    run: async (_args, { request }) => {
      const messages = [{ role: 'user', content: { type: 'text', text: 'capital of France?' } }];
      const requestedSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
      return text([
        await outcome(request('sampling/createMessage', { messages, maxTokens: 10 })),
        await outcome(request('elicitation/create', { message: 'Who are you?', requestedSchema })),
        await outcome(request('elicitation/create', { message: 'refuse this', requestedSchema })),
        await outcome(request('elicitation/create', { message: 'fail at this', requestedSchema })),
        await outcome(request('roots/list', {})),
        await outcome(request('ping', {})),
        await outcome(request('client/nothing', { deep: { value: 1 } })),
      ]);
    },
  },
  confirm: { run: (_args, { answers, needInput }) => (answers === undefined ? needInput() : text(answers)) },
};
