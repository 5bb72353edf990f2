import { CALLERS_TRACEPARENT } from './canonical.js';
import { cellNames, cells } from './cells.js';
import type { CellName } from './cells.js';
import { bare } from './instruments.js';
import type { Instruments } from './instruments.js';
import { Recording } from './recording.js';
import { converse } from './script.js';
import { Stage } from './tools.js';

/** Holds the scripted conversation in one cell and answers its record. */
export async function record(cell: CellName, instruments: Instruments): Promise<Recording> {
  const recording = new Recording();
  const rig = await cells[cell](recording, instruments, new Stage());
  try {
    await converse(rig, recording);
  } finally {
    await rig.stop();
  }
  return recording;
}

/** The records without us, all cells at once. */
export async function recordBare(): Promise<ReadonlyMap<CellName, Recording>> {
  return new Map(await Promise.all(cellNames.map(async (cell) => [cell, await record(cell, bare)] as const)));
}

/** Trace contexts in a record that the script did not put there. */
export function injectedContexts(recording: Recording): string[] {
  const texts = [
    ...recording.messages.map(({ text }) => text),
    ...recording.exchanges.flatMap(({ request, body }) => [request.body, body]),
  ];
  return texts
    .flatMap((text) => text.match(/(?<="traceparent":")00-[\da-f-]{52}/g) ?? [])
    .filter((context) => context !== CALLERS_TRACEPARENT);
}
