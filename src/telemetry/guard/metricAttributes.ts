import type { Attributes } from '@opentelemetry/api';
import { databaseMetrics } from '../catalogue/database.js';
import { ATTR_DB_NAMESPACE, ATTR_DB_OPERATION_NAME, ATTR_ERROR_TYPE, VALUE_OTHER } from '../semconv.js';
import { safeNamespace } from './databasePlace.js';
import { OTHER_VERB, sqlVerb } from './sqlVerb.js';

const ALLOWED: readonly string[] = databaseMetrics.operationDuration.attributes.map(({ key }) => key);
const BOUNDED_CODE = /^(?:[0-9A-Z]{5}|E[A-Z_]{2,30})$/;

/**
 * Labels of `db.client.operation.duration` from OpenTelemetry's own instrumentation of pg, if a host uses it, reduced to those in the
 * catalogue and bounded: its operation name is everything up to the first space, which may be a whole statement with its values.
 */
export function boundedDbAttributes(attributes: Attributes): Attributes {
  const bounded: Attributes = {};
  for (const key of ALLOWED) {
    const value = attributes[key];
    if (value !== undefined) bounded[key] = value;
  }
  const operation = bounded[ATTR_DB_OPERATION_NAME];
  if (operation !== undefined) bounded[ATTR_DB_OPERATION_NAME] = typeof operation === 'string' ? sqlVerb(operation) : OTHER_VERB;
  const namespace = safeNamespace(bounded[ATTR_DB_NAMESPACE]);
  if (namespace !== undefined) bounded[ATTR_DB_NAMESPACE] = namespace;
  const error = bounded[ATTR_ERROR_TYPE];
  if (error !== undefined) bounded[ATTR_ERROR_TYPE] = typeof error === 'string' && BOUNDED_CODE.test(error) ? error : VALUE_OTHER;
  return bounded;
}
