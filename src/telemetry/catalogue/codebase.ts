import { ATTR_ERROR_TYPE, ATTR_HANDOFF_CODEBASE_LANGUAGE } from '../semconv.js';
import type { MetricDefinition, OperationDefinition } from './definitions.js';

/** The analysis of source files. */
export const codebaseOperations = {
  analyse: { name: 'handoff.codebase.analyze', description: 'Source files are analysed (tool `analyze_codebase`).' },
} as const satisfies Record<string, OperationDefinition>;

export const codebaseMetrics = {
  files: {
    name: 'handoff.codebase.files',
    kind: 'counter',
    unit: '{file}',
    description: 'Files that agents asked to have analysed, by language; with `error.type` if a file could not be analysed.',
    attributes: [
      {
        key: ATTR_HANDOFF_CODEBASE_LANGUAGE,
        values: [
          'bash',
          'c',
          'cpp',
          'csharp',
          'css',
          'go',
          'html',
          'ini',
          'java',
          'javascript',
          'json',
          'kotlin',
          'markdown',
          'php',
          'powershell',
          'python',
          'ruby',
          'rust',
          'scala',
          'sql',
          'svelte',
          'swift',
          'toml',
          'tsx',
          'typescript',
          'unknown',
          'vue',
          'xml',
          'yaml',
        ],
      },
      {
        key: ATTR_ERROR_TYPE,
        values: [
          'invalid_path',
          'outside_roots',
          'not_found',
          'not_a_file',
          'not_readable',
          'too_large',
          'total_too_large',
          'binary',
          'duplicate',
          'timed_out',
          'call_timed_out',
          'analysis_failed',
        ],
      },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
