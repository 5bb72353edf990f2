import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '../../../errors/classify.js';
import { EXIT_FAILED } from '../command.js';
import type { CommandContext } from '../command.js';
import { packageInfo, packageRoot } from '../packageInfo.js';
import type { Streams } from '../streams.js';
import { UsageError, parseOptions } from '../usageError.js';
import { composeGrafana, linkedTo, shippedFiles } from './shipped.js';
import type { Only, ShippedFile } from './shipped.js';
import { writeFiles } from './write.js';
import type { Written } from './write.js';
import { DASHBOARDS_USAGE } from '../usages.js';

const OPTIONS = {
  out: { type: 'string' },
  only: { type: 'string' },
  'grafana-url': { type: 'string' },
  force: { type: 'boolean', default: false },
} as const;

/**
 * `handoff-otel dashboards`: writes boards, rules and what they need. Exits with 1 when it left a changed file or one of an
 * earlier version alone, so that a script notices.
 */
export function dashboards({ args, streams }: CommandContext): Promise<number> {
  const { out, only, force, 'grafana-url': grafana } = parseOptions(args, OPTIONS, DASHBOARDS_USAGE);
  if (out === undefined || out === '')
    throw new UsageError('--out is required: the folder to write to. It is created if it does not exist.', DASHBOARDS_USAGE);
  if (only !== undefined && only !== 'any' && only !== 'handoff')
    throw new UsageError(`--only must be any or handoff, not "${only}".`, DASHBOARDS_USAGE);
  const folder = resolve(out);
  const root = fileURLToPath(new URL('dashboards/', packageRoot));
  const url = grafana === undefined ? composeGrafana : grafanaUrl(grafana);
  const [files, all] = [linkedTo(url, filesOf(root, only)), filesOf(root)];
  return Promise.resolve(report(write(folder, files, force, all), folder, streams));
}

/** Grafana's address without what a link cannot begin with. It is in a form that needs no quotes in YAML. */
function grafanaUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new UsageError(
      `--grafana-url must be the address of Grafana, such as https://grafana.example.com, not "${text}".`,
      DASHBOARDS_USAGE,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function filesOf(root: string, only?: Only): ShippedFile[] {
  const files = shippedFiles(root, only);
  if (files.length > 0) return files;
  throw new UsageError(`This installation of handoff-otel lacks the folder ${root}: install the package again.`, DASHBOARDS_USAGE);
}

function write(folder: string, files: readonly ShippedFile[], force: boolean, all: readonly ShippedFile[]): Written {
  try {
    return writeFiles(folder, files, force, all);
  } catch (error) {
    throw new UsageError(`Cannot write to ${folder} (${errorMessage(error)}). Name a folder that you may write to.`, DASHBOARDS_USAGE);
  }
}

function report({ written, unchanged, kept, obsolete }: Written, folder: string, streams: Streams): number {
  for (const path of written) streams.out(`wrote ${path}\n`);
  streams.out(`${written.length} written, ${unchanged.length} already up to date in ${folder} (handoff-otel ${packageInfo().version}).\n`);
  if (written.length > 0) streams.out(NEXT);
  for (const path of obsolete)
    streams.err(`old   ${path}: this version no longer has this file. Delete it, or it will be loaded as well\n`);
  if (kept.length === 0) return obsolete.length === 0 ? 0 : EXIT_FAILED;
  for (const path of kept) streams.err(`kept  ${path}: it was changed after this command wrote it, or is not one of its files\n`);
  streams.err(`To compare these files, write a copy to another folder with --out; to replace them, use --force.\n`);
  return EXIT_FAILED;
}

const NEXT = `
Next: Grafana     copy provisioning/ to its folder of the same name, and let it find boards/; or import the files of boards/ by hand.
      Prometheus  rule_files: [alerts/rules/*.yaml]
      More in docs/guides/dashboards.md of the package.
`;
