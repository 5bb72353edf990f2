import { readFileSync } from 'node:fs';

/**
 * What the processes of a workload made, in any order. An entry of a list names some of the fields below; a bare number
 * is a count of records without a name.
 * @typedef {object} Ledger
 * @property {number | Record<string, string>[]} spans
 * @property {number | Record<string, string>[]} metricPoints
 * @property {number | Record<string, string>[]} logRecords
 */
/** @typedef {{ signal: string, made: number, written: number, missing: string[], extra: string[] }} Comparison */

export const signals = /** @type {const} */ (['spans', 'metricPoints', 'logRecords']);

/** Fields by which a ledger may distinguish records; the rest of a record may be scrubbed on its way. */
const identifying = ['serviceName', 'serviceInstanceId', 'traceId', 'spanId', 'name', 'timeUnixNano', 'severityNumber'];

/**
 * @param {string} path
 * @returns {Ledger}
 * @throws {Error} that says which part is not as expected
 */
export function readLedger(path) {
  const ledger = JSON.parse(readFileSync(path, 'utf8'));
  for (const signal of signals) {
    const made = ledger[signal];
    if (!Array.isArray(made) && !Number.isInteger(made)) {
      throw new Error(`The ledger ${path} has no "${signal}": write a list of the records made, or their number.`);
    }
  }
  return ledger;
}

/**
 * Compares what was made with what arrived, record by record: each must have arrived as often as it was made, and nothing
 * else.
 * @param {Ledger} ledger
 * @param {import('./exported.mjs').Exported} exported
 * @returns {Comparison[]}
 */
export function compare(ledger, exported) {
  return signals.map((signal) => {
    const made = ledger[signal];
    const records = exported[signal];
    if (typeof made === 'number') return { signal, made, written: records.length, missing: [], extra: [] };

    const fields = identifying.filter((field) => made.some((entry) => field in entry));
    if (made.length > 0 && fields.length === 0) {
      throw new Error(`The ledger's ${signal} name none of ${identifying.join(', ')}: there is nothing to compare by.`);
    }
    const key = (/** @type {Record<string, unknown>} */ record) =>
      fields.map((field) => `${field}=${String(record[field] ?? '')}`).join(' ');
    const madeKeys = made.map(key);
    const writtenKeys = records.map((record) => key({ ...record, ...fromResource(record) }));
    return {
      signal,
      made: made.length,
      written: records.length,
      missing: without(madeKeys, writtenKeys),
      extra: without(writtenKeys, madeKeys),
    };
  });
}

/** @param {Comparison} comparison */
export function isEqual({ made, written, missing, extra }) {
  return made === written && missing.length === 0 && extra.length === 0;
}

/** @param {import('./exported.mjs').Record_} record */
function fromResource({ resource }) {
  return { serviceName: resource['service.name'], serviceInstanceId: resource['service.instance.id'] };
}

/**
 * What is left of a multiset after another is taken out of it.
 * @param {string[]} from
 * @param {string[]} taken
 */
function without(from, taken) {
  const counts = new Map();
  for (const key of taken) counts.set(key, (counts.get(key) ?? 0) + 1);
  return from.filter((key) => {
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}
