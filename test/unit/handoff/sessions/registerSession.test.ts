import { expect, it } from 'vitest';
import { ConcurrentChangeError } from '../../../../src/errors/concurrentChangeError.js';
import type { SessionDependencies } from '../../../../src/handoff/sessions/dependencies.js';
import { registerSession } from '../../../../src/handoff/sessions/registerSession.js';

it('gives up with advice when the key keeps being taken and freed by others', async () => {
  let runs = 0;
  const scope = { add: () => undefined, fail: () => undefined };
  const deps = {
    database: {
      query: async () => {
        runs += 1;
        return [];
      },
    },
    observe: (_operation: string, _attributes: object, work: (given: typeof scope) => Promise<unknown>) => work(scope),
    sessionTtlHours: 24,
  } as unknown as SessionDependencies;
  await expect(registerSession(deps, { sessionKey: 'k', agentFrom: 'a', metadata: {} })).rejects.toBeInstanceOf(ConcurrentChangeError);
  expect(runs).toBe(3);
});
