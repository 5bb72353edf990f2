import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface RuleExpression {
  /** Of the recorded series or the alert. */
  readonly name: string;
  readonly expr: string;
}

interface RuleFile {
  readonly groups?: readonly { readonly rules?: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[] }[];
}

/** The rules that the repository has for Prometheus. @throws Error when there are none */
export function ruleExpressions(folder = join(import.meta.dirname, '../../../dashboards/alerts/rules')): readonly RuleExpression[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  if (files.length === 0)
    throw new Error(`${folder} holds no rules: run \`node --import ./tools/resolveSource.mjs dashboards/src/main.ts\`.`);
  return files.sort().flatMap((file) => {
    const { groups = [] } = parse(readFileSync(join(folder, file), 'utf8')) as RuleFile;
    return groups.flatMap(({ rules = [] }) => rules.map(({ record, alert, expr }) => ({ name: record ?? alert ?? '', expr })));
  });
}
