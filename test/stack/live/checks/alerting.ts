import type { PrometheusPair } from '../prometheusPair.js';
import { arrived } from './arrived.js';

/** Of a rule that a fault breaks on purpose. */
const BROKEN_ON_PURPOSE = '.*;live-broken';
const TIMES = 3;

/** Watchdog has to arrive at its receiver over and over, and no rule may have failed. */
export async function checkAlerting(pairs: readonly PrometheusPair[]): Promise<string[]> {
  const lines = await Promise.all(pairs.map(async (pair) => [await checkWatchdog(pair), await checkRules(pair)]));
  return lines.flat();
}

async function checkWatchdog({ api: { name }, webhooks }: PrometheusPair): Promise<string> {
  const before = webhooks.notified.length;
  const count = await arrived(async () => {
    const beats = webhooks.notified.slice(before).filter(({ labels }) => labels['alertname'] === 'Watchdog');
    const stray = beats.find(({ receiver, status }) => receiver !== 'dead-mans-switch' || status !== 'firing');
    if (stray !== undefined) throw new Error(`Watchdog was ${stray.status} at ${stray.receiver}.`);
    if (beats.length < TIMES) throw new Error(`The Watchdog of the Prometheus ${name} arrived ${beats.length} times instead of ${TIMES}.`);
    return beats.length;
  });
  return `${name}: Watchdog arrives at its receiver, ${count} times while it was waited for`;
}

async function checkRules({ api }: PrometheusPair): Promise<string> {
  const failed = await api.failedRules();
  const times = await api.number(`sum(prometheus_rule_evaluation_failures_total{rule_group!~"${BROKEN_ON_PURPOSE}"})`);
  if (failed.length > 0) throw new Error(`Rules fail in the Prometheus ${api.name}:\n${failed.join('\n')}`);
  if (times > 0) throw new Error(`Rules failed ${times} times in the Prometheus ${api.name}: its log says which.`);
  return `${api.name}: no evaluation of a rule failed`;
}
