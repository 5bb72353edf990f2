import * as cockatiel from 'cockatiel';
import { Admission } from '../../../src/handoff/resilience/admission/admission.js';
import { DependencyGuard } from '../../../src/handoff/resilience/dependencyGuard.js';
import { systemClock } from '../../../src/time/clock.js';
import { costRow, usPerCall } from '../callCost.js';
import type { Scenario } from '../scenario.js';
import { median } from '../statistics.js';

const ROUNDS_MIN = 5;
const CALLS = 2000;
const MOST_US = 3;

type Call = () => Promise<unknown>;

/** What admission adds to a call, and the policies to a statement, while nothing is wrong. */
export const protectionScenario: Scenario = {
  name: 'protection',
  summary: 'cost of admission per call and of the policies per statement',
  run: async (lab) => {
    const work = async (): Promise<number> => 1;
    const { admission, guard } = subjects();
    const calls: Readonly<Record<string, Call>> = {
      bare: work,
      admission: () => admission.run(work),
      'policies, a write': () => guard.run(work),
      'policies, a read': () => guard.read(work),
    };
    const figures = new Map(Object.keys(calls).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= Math.max(lab.rounds, ROUNDS_MIN); round += 1) {
      lab.progress(`protection: round ${round}`);
      for (const [name, call] of Object.entries(calls)) {
        const us = await usPerCall(call, CALLS, lab.roundMs / 20);
        // The first round warms all of them up.
        if (round > 0) figures.get(name)?.push(us);
      }
    }
    const bare = median(figures.get('bare') ?? []);
    const added = (name: string): number => median(figures.get(name) ?? []) - bare;
    const total = added('admission') + added('policies, a read');
    return {
      title: 'Admission and policies',
      method: `An asynchronous function that does nothing, called one after the other, alone and through each of them; ${CALLS} calls between looks at the clock.`,
      tables: [{ head: ['', 'µs a call, median', 'min – max'], rows: [...figures].map(([name, values]) => costRow(name, values)) }],
      targets: [
        {
          what: 'Admission and the policies of one read',
          wanted: `< ${MOST_US} µs`,
          reached: `${total.toFixed(2)} µs`,
          met: total < MOST_US,
        },
      ],
    };
  },
};

function subjects(): { readonly admission: Admission; readonly guard: DependencyGuard } {
  const nothing = (): void => undefined;
  const shared = { clock: systemClock, random: Math.random };
  const admission = new Admission(
    { maxConcurrent: 256, isAdaptive: true, maxWaiting: 1000, maxWaitMs: 2000 },
    { ...shared, loopDelayMs: () => 0, onShed: nothing },
  );
  const guard = new DependencyGuard(
    {
      dependency: 'database',
      isOutage: () => false,
      isRepeatable: () => false,
      outagesToOpen: 5,
      pauseMs: 500,
      maxPauseMs: 2000,
      probeTimeoutMs: 8000,
      maxConcurrent: 1024,
    },
    { ...shared, cockatiel, onChange: nothing, signal: new AbortController().signal },
    () => Promise.resolve(),
  );
  return { admission, guard };
}
