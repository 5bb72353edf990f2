import { readFileSync } from 'node:fs';
import { satisfies } from '../../../../instrumentation/libraries/versions.js';
import { packageRoot } from '../../packageInfo.js';
import { installSpec, serverPackages } from '../../requirePackages.js';
import type { PackageName } from '../../requirePackages.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { installedAt, installedHere } from '../probes/installed.js';
import type { Installed } from '../probes/installed.js';

/** How the check finds packages; tests have their own. */
export interface PackageLook {
  readonly here: (name: string) => Installed | undefined;
  readonly at: (name: string, folder: string) => Installed | undefined;
  /** `peerDependencies` of this package. */
  readonly ranges: () => Readonly<Record<string, string>>;
}

const machine: PackageLook = {
  here: installedHere,
  at: installedAt,
  ranges: () =>
    (JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { peerDependencies: Record<string, string> })
      .peerDependencies,
};

/** The API is needed by every program; it is no optional package of a command. */
const API = '@opentelemetry/api';

export function packagesCheck(look: PackageLook = machine): Check {
  return {
    name: 'program.packages',
    group: 'program',
    looksWhether: 'each package that these settings need is installed, in a version of the supported range, and only once',
    limitMs: 5000,
    run: async ({ env, folder }) => {
      const ranges = look.ranges();
      const needed = [...new Set<string>([API, ...serverPackages(env)])];
      const findings = needed.flatMap((name) => findingsOf(name, ranges[name] ?? '*', look, folder));
      return findings.length > 0
        ? findings
        : [fine(`All ${needed.length} packages that these settings need are installed, in supported versions.`)];
    },
  };
}

function findingsOf(name: string, range: string, look: PackageLook, folder: string): readonly Finding[] {
  const spec = name === API ? `${API}@1.10` : installSpec(name as PackageName);
  const install = `Run npm install ${spec}.`;
  const here = look.here(name);
  if (here === undefined) return [failure(`${name} is not installed, and these settings need it.`, install)];
  if (!satisfies(here.version, comparatorsOf(range)))
    return [failure(`${name} ${here.version} is installed, and ${range} is supported.`, install)];
  const other = look.at(name, folder);
  if (other === undefined || other.folder === here.folder) return [];
  return [
    warning(
      `There are two copies of ${name}: ${here.version} for the server (${here.folder}) and ${other.version} for programs in this folder (${other.folder}).`,
      'Install the same version for both, and run npm dedupe; what one copy registers, the other may not see.',
    ),
  ];
}

/** `^1.2.3` as `>=1.2.3 <2`, and `^0.1.2` as `>=0.1.2 <0.2`. Ranges of other forms stay as they are. */
export function comparatorsOf(range: string): string {
  const [caret, version, major = '', minor = ''] = /^\^((\d+)\.(\d+)\.\d+)$/.exec(range) ?? [];
  if (caret === undefined) return range;
  return `>=${version ?? ''} <${major === '0' ? `0.${Number(minor) + 1}` : Number(major) + 1}`;
}
