import type { Attributes } from '@opentelemetry/api';
import {
  LegalHoldError,
  RetentionInvalidError,
  RetentionPolicyInUseError,
  RetentionPolicyUnknownError,
} from '../../errors/retentionErrors.js';
import type { OperationName } from '../../telemetry/catalogue/operations.js';
import type { Observe, OperationScope } from '../../telemetry/observe.js';

const refusals = [LegalHoldError, RetentionInvalidError, RetentionPolicyInUseError, RetentionPolicyUnknownError] as const;
type Refusal = InstanceType<(typeof refusals)[number]>;

/** Observes an operation that may refuse what it was asked: a refusal is an outcome reported to the caller, and not an internal failure. */
export async function refusing<T>(
  observe: Observe,
  operation: OperationName,
  attributes: Attributes,
  work: (scope: OperationScope) => Promise<T>,
): Promise<T> {
  const outcome = await observe(operation, attributes, async (scope): Promise<{ readonly result: T } | { readonly refusal: Refusal }> => {
    try {
      return { result: await work(scope) };
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      scope.fail(thrown.code);
      return { refusal: thrown };
    }
  });
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.result;
}

function isRefusal(thrown: unknown): thrown is Refusal {
  return refusals.some((refusal) => thrown instanceof refusal);
}
