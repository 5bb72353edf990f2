import type { Evidence, Recommendation } from '../../analytics/recommendations/recommendation.js';
import type { HandoffServices } from '../../services.js';
import type { Streams } from '../streams.js';

/** Prints what to change, and on stderr what could not be looked at. */
export async function recommend({ analytics }: Pick<HandoffServices, 'analytics'>, json: boolean, streams: Streams): Promise<number> {
  const recommendations = await analytics.generateRecommendations();
  const { unavailableFacts } = recommendations;
  if (json) {
    streams.out(`${JSON.stringify({ recommendations, unavailableFacts })}\n`);
    return 0;
  }
  streams.out(recommendations.length === 0 ? 'Nothing to recommend.\n' : `${recommendations.map(textOf).join('\n\n')}\n`);
  for (const { fact, reason } of unavailableFacts) streams.err(`Not looked at: ${fact}. ${reason}\n`);
  return 0;
}

function textOf({ severity, code, title, subject, evidence, change, expectedEffect, howToCheck }: Recommendation): string {
  return [
    `${severity}  ${title}${subject === null ? '' : `: ${subject}`} (${code})`,
    ...evidence.map((item) => `  ${evidenceText(item)}`),
    `  Change: ${change.text}`,
    `  Effect: ${expectedEffect}`,
    `  Check: ${howToCheck}`,
  ].join('\n');
}

function evidenceText({ name, value, unit, from, to }: Evidence): string {
  const figure = `${name}: ${Number(value.toPrecision(6))} ${unit}`;
  if (from === null) return `${figure}, until ${to.toISOString()}`;
  return from.getTime() === to.getTime() ? `${figure}, at ${to.toISOString()}` : `${figure}, ${from.toISOString()} to ${to.toISOString()}`;
}
