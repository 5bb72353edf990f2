import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

const job = { job: services.unluckyTools };
const inside =
  (fault: string) =>
  async ({ unluckyTools }: World): Promise<void> => {
    const response = await fetch(`${unluckyTools.url('mcp')}/fault/${fault}`, { method: 'POST' });
    await response.arrayBuffer();
  };

/** What goes wrong inside a process. */
export const processFaults: readonly Fault[] = [
  {
    name: 'the event loop stands still',
    alerts: [
      { name: 'EventLoopBusy', labels: job },
      { name: 'EventLoopDelayHigh', labels: job },
    ],
    begin: inside('block'),
    end: inside('calm'),
  },
  {
    name: 'the main thread stands still for more than a second at a time',
    alerts: [{ name: 'MainThreadStalls', labels: job }],
    begin: inside('stall'),
    end: inside('calm'),
  },
  {
    // In operation it is a full heap that does this. How much V8 then collects depends on how busy the machine is, and shortly before the
    // alert's threshold and shortly beyond it the process is as it always is, or out of memory.
    name: 'a process collects its garbage over and over',
    alerts: [{ name: 'GarbageCollectionHeavy', labels: job }],
    begin: inside('collect'),
    end: inside('calm'),
  },
  {
    name: 'a label has too many values',
    notInCore: 'a process with thousands of series exports too rarely for a divided window when the machine is busy',
    alerts: [{ name: 'CardinalityOverflow', labels: job }],
    begin: inside('overflow'),
    // The SDK forgets no series: only a new process begins anew.
    end: async ({ unluckyTools }) => {
      await unluckyTools.stop();
      await unluckyTools.start();
    },
  },
];
