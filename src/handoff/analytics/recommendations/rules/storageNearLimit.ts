import { lifecycleLimits } from '../../../../telemetry/catalogue/objectives.js';
import type { Suggestion } from '../../../retention/suggestions.js';
import { changeOf } from '../settingChange.js';
import type { StorageFact } from '../facts/facts.js';
import type { Evidence, Finding } from '../recommendation.js';
import { retentionCommand } from '../retentionChange.js';
import type { Rule } from '../rule.js';

const LEAST_DISK_PERCENT = 80;
const CRITICAL_DAYS = 3;
const CRITICAL_SHARE = 0.95;
const MORE = 1.5;

const OPTIONS: Readonly<Record<Suggestion['setting'], string>> = {
  activeSessionTtl: '--active-hours',
  archivedSessionTtl: '--archived-days',
  logRetentionDays: '--log-days',
  metricsRetentionDays: '--metrics-days',
};

export const storageNearLimit: Rule = {
  code: 'storage_near_limit',
  title: 'Storage is nearly used up',
  severity: 'warning',
  needs: ['storage'],
  when: `the database and the archive use ${lifecycleLimits.storageShare * 100} % or more of HANDOFF_STORAGE_LIMIT_BYTES, or will reach it within 14 days at the measured growth, or the file system of the data folder is ${LEAST_DISK_PERCENT} % full. The severity is \`critical\` from ${CRITICAL_SHARE * 100} % or with ${CRITICAL_DAYS} days left`,
  source:
    'the share and the days are those of the storage report; 80 % is 5 percentage points below the default threshold of the disk alert',
  find: ({ storage }) => {
    if (storage === undefined) return [];
    const advice = adviceFor(storage);
    if (advice === undefined) return [];
    return [
      {
        subject: null,
        severity: isCritical(storage) ? ('critical' as const) : ('warning' as const),
        evidence: evidenceOf(storage),
        howToCheck: '`handoff-otel retention report` shows a smaller share of the limit, and more days left.',
        ...advice,
      },
    ];
  },
};

function isCritical({ report: { totalBytes, limitBytes, daysLeft }, diskUsedPercent }: StorageFact): boolean {
  const share = limitBytes === null ? 0 : totalBytes / limitBytes;
  return share >= CRITICAL_SHARE || (daysLeft ?? Infinity) <= CRITICAL_DAYS || (diskUsedPercent ?? 0) >= CRITICAL_SHARE * 100;
}

function evidenceOf({ report, diskUsedPercent, from, to }: StorageFact): readonly Evidence[] {
  const figure = (name: string, value: number | null, unit: string, since: Date | null = to): Evidence[] =>
    value === null ? [] : [{ name, value, unit, from: since, to }];
  return [
    ...figure('database and archive', report.totalBytes, 'bytes'),
    ...figure('limit', report.limitBytes, 'bytes'),
    ...figure('growth', report.growthBytesPerDay, 'bytes/day', from),
    ...figure('days left', report.daysLeft, 'days'),
    ...figure('file system in use', diskUsedPercent, '%', from),
  ];
}

type Advice = Pick<Finding, 'expectedEffect' | 'change'> & Partial<Pick<Finding, 'howToCheck'>>;

/** Where no policy frees anything, a higher limit helps only if it is what is reached, and if the disk has room for more. */
function adviceFor({ report: { nearLimit, limitBytes, suggestions }, diskUsedPercent }: StorageFact): Advice | undefined {
  const isDiskFull = (diskUsedPercent ?? 0) >= LEAST_DISK_PERCENT;
  if (!nearLimit && !isDiskFull) return undefined;
  const [best] = suggestions;
  if (best !== undefined)
    return {
      expectedEffect: `About ${best.freesBytes} bytes become free within a day (an estimate).`,
      change: { kind: 'command', text: commandFor(best, suggestions) },
    };
  if (isDiskFull) return moreSpace;
  if (limitBytes === null) return undefined;
  return {
    expectedEffect: 'The limit leaves room for growth. The disk must have this space.',
    change: changeOf('HANDOFF_STORAGE_LIMIT_BYTES', limitBytes, Math.round(limitBytes * MORE)),
  };
}

const moreSpace: Advice = {
  expectedEffect: 'The disk has room for new data. Changing policies would not free any.',
  change: {
    kind: 'machine',
    text: 'Free space on the file system of HANDOFF_DATA_DIR, which others may use too, or make it larger. A higher HANDOFF_STORAGE_LIMIT_BYTES does not help.',
  },
  howToCheck: `\`df\` of HANDOFF_DATA_DIR shows less than ${LEAST_DISK_PERCENT} % in use.`,
};

/** Of logs the longest of all policies decides, so that each of them has to be changed. */
function commandFor(best: Suggestion, suggestions: readonly Suggestion[]): string {
  const isOfAll = best.setting === 'logRetentionDays' || best.setting === 'metricsRetentionDays';
  const all = suggestions.filter(({ setting, policy }) => setting === best.setting && (isOfAll || policy === best.policy));
  return all.map(({ policy, setting, to }) => retentionCommand(policy, OPTIONS[setting], to)).join(' && ');
}
