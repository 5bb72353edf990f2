import { alerts } from '../../../dashboards/src/rules/alerts.js';
import { ruleFiles } from '../../../dashboards/src/rules/files.js';
import { programs } from '../programs/programs.js';
import { parsed } from './harness/needed.js';
import { judge } from './harness/noticed.js';
import { mutantsOf, mutantsOfRecord } from './harness/ruleMutants.js';
import type { RuleMutant } from './harness/ruleMutants.js';

// Changes one thing in the rules at a time, and fails for each change that no proof of the alert notices.
//
// npm run prove rule-mutations [-- <part of an alert's name>…]

const AT_ONCE = 2;
const rules = parsed(ruleFiles());
const asked = process.argv.slice(2);
const chosen = alerts.map(({ name }) => name).filter((name) => asked.length === 0 || asked.some((part) => name.includes(part)));
const { promtool } = await programs(['promtool']);
const isNoticed = judge(promtool);

/** Records are tried by the alert that reads them; one window of each kind stands for the others, which the same code makes. */
const RECORDS: Readonly<Record<string, readonly string[]>> = {
  ToolCallAvailabilityBurnsFast: ['events:increase5m', 'bad_events:increase5m', 'bad_events:increase1h', 'bad_events:ratio5m'].map(
    (name) => `job:tool_call_availability_${name}`,
  ),
  ToolCallLatencyBurnsFast: ['job:tool_call_latency_events:increase5m', 'job:tool_call_latency_bad_events:increase5m'],
  HandoffSuccessBurnsFast: ['job:handoff_success_events:increase5m', 'job:handoff_success_bad_events:increase5m'],
  ToolErrorBurst: ['events', 'bad_events'].map((name) => `job_tool:tool_call_availability_${name}:increase5m`),
  HeapGrows: ['instance:v8js_memory_heap_used_bytes:sum'],
};

let tried = 0;
let survived = 0;
for (const alert of chosen) {
  const mutants = [...mutantsOf(alert, rules), ...(RECORDS[alert] ?? []).flatMap((record) => mutantsOfRecord(record, alert, rules))];
  const survivors = await notNoticed(mutants);
  for (const { change } of survivors) process.stdout.write(`not noticed: ${alert}: ${change}\n`);
  process.stdout.write(`${alert}: ${String(mutants.length)} mutants, ${String(survivors.length)} not noticed\n`);
  tried += mutants.length;
  survived += survivors.length;
}
process.stdout.write(`${String(tried)} mutants of ${String(chosen.length)} alerts, ${String(survived)} not noticed\n`);
process.exitCode = survived === 0 && tried > 0 ? 0 : 1;

async function notNoticed(mutants: readonly RuleMutant[]): Promise<RuleMutant[]> {
  const survivors: RuleMutant[] = [];
  const waiting = [...mutants];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      if (!(await isNoticed(mutant.alert, mutant.rules))) survivors.push(mutant);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return survivors;
}
