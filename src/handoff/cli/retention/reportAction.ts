import { parseOptions } from '../usageError.js';
import { bytesText } from '../render/bytesText.js';
import { renderTable } from '../render/table.js';
import type { StorageReport } from '../../retention/storageReport.js';
import type { Action } from './action.js';
import { common } from './options.js';
import { print } from './print.js';
import { retentionUsages } from '../usages.js';

const COLUMNS = [{ heading: 'part' }, { heading: 'size', align: 'right' }, { heading: 'growth per day', align: 'right' }] as const;
const TABLE_COLUMNS = [
  { heading: 'table' },
  { heading: 'size', align: 'right' },
  { heading: 'indexes', align: 'right' },
  { heading: 'rows', align: 'right' },
] as const;

export const report: Action = (args) => {
  const { json = false } = parseOptions(args, { json: common.json }, retentionUsages.report);
  return async (retention, streams) => {
    const storage = await retention.storageReport();
    print(streams, json, storage, asText(storage));
    return 0;
  };
};

function asText({ parts, tables, totalBytes, growthBytesPerDay, limitBytes, daysLeft, suggestions, archive }: StorageReport): string {
  const growth = (bytes: number | null): string => (bytes === null ? 'not known yet' : bytesText(bytes));
  const sizes = parts.map(({ part, bytes, growthBytesPerDay: each }) => [part, bytesText(bytes), growth(each)]);
  const lines = tables.map(({ table, partition, tableBytes, indexBytes, rows }) => [
    partition ?? table,
    bytesText(tableBytes),
    bytesText(indexBytes),
    rows === null ? 'not counted yet' : String(rows),
  ]);
  const limit =
    limitBytes === null
      ? 'No limit is set (HANDOFF_STORAGE_LIMIT_BYTES).'
      : `Limit: ${bytesText(limitBytes)} (HANDOFF_STORAGE_LIMIT_BYTES).`;
  const left = daysLeft === null ? '' : ` At this rate it will be reached in ${daysLeft.toFixed(1)} days.`;
  const advice = suggestions.map(({ text }) => `  ${text}`);
  return [
    renderTable(COLUMNS, [...sizes, ['total', bytesText(totalBytes), growth(growthBytesPerDay)]], { columns: 120 }),
    '',
    renderTable(TABLE_COLUMNS, lines, { columns: 120 }),
    '',
    `Objects in the archive: ${archive.objects}. ${limit}${left}`,
    ...(advice.length === 0 ? [] : ['What would free storage:', ...advice]),
  ].join('\n');
}
