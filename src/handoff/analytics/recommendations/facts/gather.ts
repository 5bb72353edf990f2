import { errorCode } from '../../../../errors/classify.js';
import { HandoffError } from '../../../../errors/handoffError.js';
import { errorType } from '../../../../telemetry/errorType.js';
import type { UnavailableFact } from '../recommendation.js';
import { alertFacts, highestFacts } from './alerts.js';
import { indexFacts, statementFacts, tableFacts } from './database.js';
import type { FactName, Facts } from './facts.js';
import { cacheFact, poolFact, storageFact } from './server.js';
import { LIMIT_MS, Unavailable } from './sources.js';
import type { FactSources } from './sources.js';
import { handoffFact, policyFacts } from './usage.js';

const gatherers: { readonly [Name in FactName]: (sources: FactSources) => Promise<NonNullable<Facts[Name]> | Unavailable> } = {
  statements: statementFacts,
  tables: tableFacts,
  indexes: indexFacts,
  pool: poolFact,
  cache: cacheFact,
  storage: storageFact,
  sessions: policyFacts,
  handoffs: handoffFact,
  alerts: alertFacts,
  highest: highestFacts,
};

export const factNames = Object.keys(gatherers) as readonly FactName[];

/**
 * Gathers all facts, one after the other, so that it takes one connection. What the database does not let us know is left out and named;
 * rejects when the database cannot be reached.
 */
export async function gatherFacts(
  sources: FactSources,
): Promise<{ readonly facts: Facts; readonly unavailable: readonly UnavailableFact[] }> {
  const facts: Record<string, unknown> = {};
  const unavailable: UnavailableFact[] = [];
  for (const name of factNames) {
    const found = await gatherers[name](sources).catch(reasonOf);
    if (found instanceof Unavailable) unavailable.push({ fact: name, reason: found.reason });
    else facts[name] = found;
  }
  return { facts, unavailable };
}

const REASONS: Readonly<Record<string, string>> = {
  '42501': 'The role of the server may not read it: GRANT pg_read_all_stats to it.',
  '55000': 'pg_stat_statements is not loaded: add it to shared_preload_libraries and restart PostgreSQL.',
  '57014': `The database took longer than ${LIMIT_MS / 1000} s to tell.`,
};

function reasonOf(error: unknown): Unavailable {
  // Ours say that the database is away, or is left alone.
  if (error instanceof HandoffError) throw error;
  return new Unavailable(REASONS[errorCode(error) ?? ''] ?? `It could not be read (${errorType(error)}).`);
}
