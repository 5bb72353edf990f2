import { setTimeout as sleep } from 'node:timers/promises';
import { operationMetrics } from '../../../../telemetry/catalogue/operations.js';
import { serverOperations } from '../../../../telemetry/catalogue/server.js';
import { promName } from '../../../../telemetry/promName.js';
import { isMapping } from '../../../../values/guards.js';
import { getJson } from './getJson.js';
import type { ProbeOutcome } from './sendProbe.js';

/** Whether what was sent is there; or why that cannot be known. */
export type Found = 'found' | 'absent' | { readonly problem: string };
export type Search = (base: URL, sent: ProbeOutcome, limitMs?: number) => Promise<Found>;

/** Collectors batch for some seconds, and Prometheus scrapes them every half minute. */
export const SEARCH_LIMIT_MS = 60_000;
const PAUSE_MS = 1000;
/** Clocks of machines differ a little. */
const SLACK_MS = 5000;

export const searchTempo: Search = (base, { traceId }, limitMs) =>
  until(limitMs, async () => {
    const { status } = await getJson(base, `api/traces/${traceId}`);
    // Tempo answers 404 for a trace that it does not have.
    return status === 404 ? false : status === 200 ? true : `status ${status}`;
  });

export const searchLoki: Search = (base, { traceId, sentAtMs }, limitMs) =>
  until(limitMs, async () => {
    const { status, body } = await getJson(base, 'loki/api/v1/query_range', {
      query: `{service_name=~".+"} | trace_id="${traceId}"`,
      start: `${Math.floor(sentAtMs - SLACK_MS)}000000`,
      limit: '1',
    });
    return status === 200 ? resultsOf(body).length > 0 : `status ${status}`;
  });

export const searchPrometheus: Search = (base, sent, limitMs) =>
  until(limitMs, async () => {
    const { name, unit, kind } = operationMetrics.duration;
    const series = `${promName(name, unit, kind)}_count{handoff_operation_name="${serverOperations.doctorProbe.name}"}`;
    const { status, body } = await getJson(base, 'api/v1/query', { query: `timestamp(${series})` });
    return status === 200 ? resultsOf(body).some((result) => isOurs(result, sent)) : `status ${status}`;
  });

/** By the instance where a label has one; else by the time, since another doctor may have been here before. */
function isOurs(result: unknown, { instanceId, sentAtMs }: ProbeOutcome): boolean {
  if (!isMapping(result)) return false;
  const labels = isMapping(result['metric']) ? result['metric'] : {};
  if (Object.values(labels).includes(instanceId)) return true;
  if ('instance' in labels || 'service_instance_id' in labels) return false;
  const [, seconds] = Array.isArray(result['value']) ? (result['value'] as readonly unknown[]) : [];
  return Number(seconds) * 1000 >= sentAtMs - SLACK_MS;
}

/** Both have `{ data: { result: […] } }`. */
function resultsOf(body: unknown): readonly unknown[] {
  const data = isMapping(body) && isMapping(body['data']) ? body['data'] : {};
  return Array.isArray(data['result']) ? (data['result'] as readonly unknown[]) : [];
}

/** Asks again and again, until the answer is yes or the time is up. A text says why there is no answer. */
async function until(limitMs = SEARCH_LIMIT_MS, ask: () => Promise<boolean | string>): Promise<Found> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask().catch((error: unknown) => (error instanceof Error ? error.name : 'no answer'));
    if (answer === true) return 'found';
    if (performance.now() + PAUSE_MS > endMs) return answer === false ? 'absent' : { problem: answer };
    await sleep(PAUSE_MS);
  }
}
