import { parseArgs } from 'node:util';
import { errorMessage } from '../../../errors/classify.js';
import { analyticsTypeNames, analyticsTypes, isAnalyticsType, isRanged } from '../../analytics/answers/analyticsTypes.js';
import type { AnalyticsType } from '../../analytics/answers/analyticsTypes.js';
import type { AnalyticsRequest } from '../../analytics/answers/request.js';
import { timeUnits } from '../../analytics/ranges/timeZone.js';
import { MAX_GROUPS, groupings } from '../../analytics/reports/options.js';
import { UsageError } from '../usageError.js';
import { REPORT_USAGE } from '../usages.js';

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  'time-zone': { type: 'string' },
  granularity: { type: 'string' },
  'group-by': { type: 'string' },
  'max-groups': { type: 'string' },
  json: { type: 'boolean', default: false },
  html: { type: 'string' },
} as const;

/** What the command was asked. */
export interface ReportOptions {
  readonly types: readonly AnalyticsType[];
  /** Grouped only where the type can be; beside types of a range, those of now are asked without. */
  requestOf(type: AnalyticsType): AnalyticsRequest;
  readonly json: boolean;
  readonly html: string | undefined;
}

/** Reads the command line; throws a `UsageError` for what cannot be asked. Times and the range are checked with the question. */
export function readOptions(args: readonly string[]): ReportOptions {
  const { values, positionals } = parsed(args);
  const types = positionals.length === 0 ? analyticsTypeNames : [...new Set(positionals.map(typeOf))];
  const groupBy = oneOf('--group-by', values['group-by'], groupings);
  if (groupBy !== undefined && !types.some((type) => isGroupedBy(type, groupBy)))
    throw usage(`--group-by ${groupBy} cannot be used with ${types.join(', ')}.`);
  if (values.html === '') throw usage('--html needs the name of a new file.');
  const common = {
    from: values.from,
    to: values.to,
    timeZone: values['time-zone'],
    granularity: oneOf('--granularity', values.granularity, timeUnits),
    maxGroups: maxGroupsOf(values['max-groups']),
  };
  return {
    types,
    requestOf: (type) =>
      !isRanged(type) && types.some(isRanged)
        ? {}
        : { ...common, groupBy: groupBy !== undefined && isGroupedBy(type, groupBy) ? groupBy : undefined },
    json: values.json,
    html: values.html,
  };
}

function isGroupedBy(type: AnalyticsType, groupBy: string): boolean {
  const known: readonly string[] = analyticsTypes[type].groupings;
  return known.includes(groupBy);
}

function typeOf(name: string): AnalyticsType {
  if (!isAnalyticsType(name)) throw usage(`Unknown type: ${name}. The types are: ${analyticsTypeNames.join(', ')}.`);
  return name;
}

function oneOf<const Value extends string>(option: string, given: string | undefined, allowed: readonly Value[]): Value | undefined {
  if (given === undefined) return undefined;
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw usage(`${option} must be one of ${allowed.join(', ')}, not "${given}".`);
  return found;
}

function maxGroupsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const groups = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (groups < 1 || groups > MAX_GROUPS) throw usage(`--max-groups must be a whole number from 1 to ${MAX_GROUPS}.`);
  return groups;
}

function usage(problem: string): UsageError {
  return new UsageError(problem, REPORT_USAGE);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    throw usage(errorMessage(error));
  }
}
