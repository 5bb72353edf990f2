import { RetentionInvalidError } from '../../../errors/retentionErrors.js';

/** What the command calls the values that retention checks. */
const OPTIONS: Readonly<Record<string, string>> = {
  activeSessionTtl: '--active-hours',
  archivedSessionTtl: '--archived-days',
  logRetentionDays: '--log-days',
  metricsRetentionDays: '--metrics-days',
  dormantThresholdHours: '--dormant-hours',
  name: '--policy',
  rule: 'the rule',
  agent: '--agent',
  metadata: '--metadata',
  requestType: '--request-type',
  position: '--position',
  policy: '--policy',
  reason: '--reason',
  actor: '--by',
};

const CONDITIONS = '--agent, --metadata or --request-type, or several of them';

/** Does what an action does, and names options where it refuses values: whoever typed these does not know the fields. */
export async function inWordsOfOptions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RetentionInvalidError)) throw error;
    throw new RetentionInvalidError(
      error.data.problems.map(({ path, problem, allowed }) => ({
        path: OPTIONS[path] ?? path,
        problem: withOptions(problem),
        allowed: path === 'rule' ? CONDITIONS : withOptions(allowed),
      })),
    );
  }
}

/** Only names that are no words of English stand for a field wherever they are. */
function withOptions(text: string): string {
  return text.replaceAll(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (field) => OPTIONS[field] ?? field);
}
