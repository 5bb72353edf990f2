import { dimensionLines, promotedLines, resourceLines } from './collector/labels.js';
import { maskedLines, removedLines } from './collector/privacy.js';
import { policyLines } from './collector/sampling.js';
import { traceMetricsLines } from './provisioning/traceMetrics.js';
import { withSection } from './section.js';

/** The generated sections of files that are otherwise written by hand. Paths are relative to the repository. */
const sections: Readonly<Record<string, Readonly<Record<string, () => string[]>>>> = {
  'otel-collector/config.yaml': { removed: removedLines, masked: maskedLines, dimensions: dimensionLines, resource: resourceLines },
  'otel-collector/config.sampling.yaml': { policies: policyLines },
  'otel-collector/config.pull.yaml': { promoted: promotedLines },
  'dashboards/provisioning/datasources/datasources.yaml': { 'traces to metrics': traceMetricsLines },
};

export interface FileWithSections {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * Returns these files with their generated sections as the catalogue has them now; the rest of each stays as it is.
 *
 * @param read Returns the text of a file, given its path in the repository.
 * @throws {Error} if a file lacks one of its sections.
 */
export function filesWithSections(read: (path: string) => string): FileWithSections[] {
  return Object.entries(sections).map(([path, lines]) => ({
    path,
    text: Object.entries(lines).reduce((file, [name, make]) => withSection(file, name, make()), read(path)),
  }));
}
