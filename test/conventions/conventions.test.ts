import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from './cells/cell.js';
import type { Cell } from './cells/cell.js';
import { cells, gaps, missingCells } from './cells/matrix.js';
import { failuresOf, judge } from './rules/judge.js';
import type { Verdict } from './rules/verdict.js';
import { registerGlobals, unregisterGlobals } from './telemetry/globals.js';
import type { Recording } from './telemetry/recorded.js';
import type { Side } from './wire/message.js';
import { casesOf } from './traffic/cases.js';
import { runCell, variantsOf } from './traffic/runCell.js';
import type { Variant } from './traffic/runCell.js';
import type { Case } from './traffic/case.js';

beforeAll(registerGlobals);
afterAll(unregisterGlobals);

it('every combination of SDK and transport runs or has a reason not to', () => {
  expect(gaps()).toEqual([]);
  expect(missingCells.map(({ reason }) => reason.length > 0)).not.toContain(false);
});

function happened({ label, method, sender, shows }: Case, recording: Recording): boolean {
  const answered = shows ?? ((exchange) => exchange.id === undefined || exchange.result !== undefined);
  return recording.exchanges.some(
    (exchange) => exchange.label === label && exchange.sender === sender && exchange.method === method && answered(exchange),
  );
}

const runs = cells.flatMap((cell) => variantsOf(cell).map((variant): [string, Variant, Cell] => [nameOf(cell), variant, cell]));

describe.each(runs.filter(([, variant]) => variant !== 'broken'))('%s, %s', (_name, variant, cell) => {
  let recording: Recording;
  let verdicts: Verdict[];
  beforeAll(async () => {
    recording = await runCell(cell, variant);
    verdicts = judge(recording);
  });
  const { present, absent } = casesOf(cell);
  const failures = (test: (verdict: Verdict) => boolean): string[] => failuresOf(recording, verdicts.filter(test));

  it.each(present.map((each): [string, string, Case] => [each.label, each.method, each]))('%s: %s travels', (label, _method, each) => {
    expect(recording.troubles.get(label)).toBeUndefined();
    expect(happened(each, recording)).toBe(true);
  });

  const labels = [...new Set(present.map(({ label }) => label)), 'session', 'all'];
  it.each(
    labels.flatMap((label): [string, Side][] => [
      [label, 'client'],
      [label, 'server'],
    ]),
  )('%s follows the conventions on the %s', (label, side) => {
    const own = (verdict: Verdict): boolean => verdict.label === label && verdict.side === side;
    expect(verdicts.filter(own).length).toBeGreaterThan(0);
    expect(failures(own)).toEqual([]);
  });

  it.each(absent.map((each): [string, string, string, Case] => [each.case.label, each.case.method, each.reason, each.case]))(
    '%s: %s cannot exist here: %s',
    (_label, _method, reason, each) => {
      expect(reason).not.toBe('');
      expect(happened(each, recording)).toBe(false);
    },
  );
});

it.each(runs.filter(([, variant]) => variant === 'broken'))(
  '%s: a session that breaks ends in error on both sides',
  async (_name, variant, cell) => {
    const recording = await runCell(cell, variant);
    expect([...recording.troubles]).toEqual([]);
    expect(failuresOf(recording, judge(recording))).toEqual([]);
  },
);
