/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** A build stage: what follows a FROM. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly steps: readonly Instruction[];
}

/** The stages of a Dockerfile. Comments and blank lines are left out; no other syntax of BuildKit is known. */
export function stagesOf(text: string): readonly Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const stages: { image: string; name: string | undefined; steps: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [image = '', , alias] = rest.split(/\s+/);
      stages.push({ image, name: alias, steps: [] });
    } else {
      const stage = stages.at(-1);
      if (name === '' || stage === undefined) throw new Error(`The Dockerfile has a line that cannot be replayed: ${line}`);
      stage.steps.push({ name, rest });
    }
  }
  return stages;
}
