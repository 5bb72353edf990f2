import { TelemetryCheck } from './telemetryCheck.js';
import { allocation, runCalls, slice } from './measure.js';
import type { Order, Reply } from './messages.js';
import type { Subject } from './subject.js';

/** The work of a process that holds one subject: looks at its telemetry, then does what the parent asks for until told to finish. */
export async function serveSubject(subject: Subject): Promise<void> {
  const check = await TelemetryCheck.begin(subject);
  let calls = check.calls;

  async function obey(order: Order): Promise<Reply> {
    if (order.kind === 'finish') {
      const telemetry = await check.finish(calls);
      await subject.close();
      return { kind: 'telemetry', telemetry };
    }
    calls += order.calls;
    if (order.kind === 'slice') return { kind: 'slice', slice: await slice(subject, order.calls) };
    if (order.kind === 'allocation') return { kind: 'allocation', bytes: await allocation(subject, order.calls) };
    await runCalls(subject, order.calls);
    return { kind: 'warm' };
  }

  process.on('message', (order: Order) => {
    // An error ends the process, and the parent shows what it wrote.
    void obey(order).then(reply);
  });
  // Without a parent there is nothing to do, whatever timers a peer keeps.
  process.on('disconnect', () => process.exit());
  reply({ kind: 'ready' });
}

function reply(message: Reply): void {
  process.send?.(message, () => {
    // Timers and exporters of a peer would keep the process for a while.
    if (message.kind === 'telemetry') process.exit();
  });
}
