/** Names that a shell takes as they are. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** The command that changes one value of a policy. The name may be any text; in the shell that it is pasted into it is one word. */
export function retentionCommand(policy: string, option: string, value: number): string {
  const named = PLAIN.test(policy) ? `--policy ${policy}` : `--policy='${policy.replaceAll("'", String.raw`'\''`)}'`;
  return `handoff-otel retention set ${named} ${option} ${value}`;
}
