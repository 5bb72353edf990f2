import { errorCode, errorMessage } from '../../../errors/classify.js';
import { JobsUnavailableError } from '../../../errors/jobErrors.js';

const REASONS: Readonly<Record<string, JobsUnavailableError['data']['reason']>> = {
  // insufficient_privilege
  '42501': 'denied',
  // undefined_table, invalid_schema_name, undefined_function
  '42P01': 'not_installed',
  '3F000': 'not_installed',
  '42883': 'not_installed',
  PGBOSS_QUEUE_NOT_FOUND: 'not_installed',
};

/** Returns what to tell an operator when pg-boss's schema is missing, of another version or out of reach; undefined for other failures. */
export function installFailure(error: unknown, schema: string): JobsUnavailableError | undefined {
  const code = errorCode(error);
  const reason = (code === undefined ? undefined : REASONS[code]) ?? reasonOf(errorMessage(error));
  return reason === undefined ? undefined : new JobsUnavailableError(schema, reason, error);
}

/** pg-boss's own errors have no codes. */
function reasonOf(message: string): JobsUnavailableError['data']['reason'] | undefined {
  if (message.startsWith('pg-boss is not installed')) return 'not_installed';
  return message.startsWith('pg-boss database requires migrations') ? 'other_version' : undefined;
}
