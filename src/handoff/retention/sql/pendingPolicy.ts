/** `sweep_positions` has a row of this name for a policy whose change has yet to reach some of its sessions. $1 is the policy. */
export const PENDING_NAME = `'retention-policy:' || $1::text`;

/** What the position of such a row holds, as JSON. */
export interface PendingPolicy {
  /** Times to live that the policy had and its sessions may still have. */
  readonly formerHours: readonly number[];
  /** Sessions up to this id are done. */
  readonly after: string | null;
}
