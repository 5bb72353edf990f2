import { traceOf } from '../../../testing/spanAssertions.js';
import { latestPoints } from '../../../testing/metricAssertions.js';
import type { ReceivedTelemetry } from '../../../testing/receiverTypes.js';
import { renderLogLines } from '../render/logLines.js';
import { terminalColumns } from '../render/terminalColumns.js';
import { renderWaterfall } from '../render/waterfall.js';
import type { Check } from './checks.js';
import { checksText, checksTitle } from './checksText.js';
import { renderKeyMetrics } from './keyMetrics.js';
import { nextSteps } from './nextSteps.js';
import type { Story } from './story.js';

export interface ReportInput {
  readonly received: ReceivedTelemetry;
  readonly story: Story;
  readonly checks: readonly Check[];
  readonly color: boolean;
  /** Width of the terminal, if there is one. */
  readonly columns: number | undefined;
  /** Whether the demo runs in a clone of the repository. */
  readonly isClone: boolean;
}

/** Renders the results of the demo as text. */
export function report({ received, story, checks, color, columns, isClone }: ReportInput): string {
  const layout = { columns: terminalColumns(columns) };
  const spans = traceOf(received.spans(), story.handoffTraceId);
  const logs = received.logRecords().filter(({ traceId }) => traceId === story.handoffTraceId);
  return [
    title('The handoff as a trace'),
    renderWaterfall(spans, { ...layout, colour: color }),
    title('The log lines of that trace'),
    renderLogLines(logs, { ...layout, trace: spans, colour: color }),
    title('Key metrics of both servers'),
    renderKeyMetrics(latestPoints(received.metricPoints()), layout),
    title(checksTitle(checks)),
    checksText(checks),
    title('What next'),
    nextSteps(isClone, layout.columns),
    '',
  ].join('\n');
}

function title(text: string): string {
  return `\n${text}\n${'─'.repeat(text.length)}`;
}
