import { LegalHoldError, RetentionInvalidError, RetentionPolicyUnknownError } from '../../../../errors/retentionErrors.js';
import { failure } from '../reply.js';
import type { ToolReply } from '../reply.js';

/** Runs the work of a tool for operators and answers what it refuses; everything else that it throws is passed on. */
export async function orRefusal(sessionKey: string | undefined, work: () => Promise<ToolReply>): Promise<ToolReply> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof RetentionInvalidError) return failure('Invalid input', { problems: thrown.data.problems });
    if (thrown instanceof RetentionPolicyUnknownError) return unknownPolicy('policy', thrown);
    if (thrown instanceof LegalHoldError)
      return failure('Session is on legal hold', {
        sessionKey,
        heldSince: thrown.data.heldSince,
        hint: 'It cannot be deleted. Release it with release_session first, if you may.',
      });
    throw thrown;
  }
}

/** The answer to the name of a policy that does not exist. */
export function unknownPolicy(path: string, { data }: RetentionPolicyUnknownError): ToolReply {
  const allowed = `one of ${data.known.join(', ')}`;
  return failure('Invalid input', { problems: [{ path, problem: 'is not the name of a policy', allowed }] });
}
