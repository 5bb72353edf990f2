import { dimensionLines, promotedLines, resourceLines } from './labels.js';
import { maskedLines, removedLines } from './privacy.js';
import { policyLines } from './sampling.js';
import { withSection } from './section.js';

/** The generated sections of each configuration of the collector. Paths are relative to the repository. */
const sections: Readonly<Record<string, Readonly<Record<string, () => string[]>>>> = {
  'otel-collector/config.yaml': { removed: removedLines, masked: maskedLines, dimensions: dimensionLines, resource: resourceLines },
  'otel-collector/config.sampling.yaml': { policies: policyLines },
  'otel-collector/config.pull.yaml': { promoted: promotedLines },
};

export interface GeneratedConfiguration {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * Returns the collector's configurations with their generated sections as the catalogue has them now; the rest of each stays as it is.
 *
 * @param read Returns the text of a file, given its path in the repository.
 * @throws {Error} if a file lacks one of its sections.
 */
export function collectorConfigurations(read: (path: string) => string): GeneratedConfiguration[] {
  return Object.entries(sections).map(([path, lines]) => ({
    path,
    text: Object.entries(lines).reduce((file, [name, make]) => withSection(file, name, make()), read(path)),
  }));
}
