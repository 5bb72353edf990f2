import { diag } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_PROMPT_VARIABLE_PREFIX,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_HANDOFF_MCP_REQUEST_SIZE,
  ATTR_HANDOFF_MCP_RESPONSE_SIZE,
} from '../../../telemetry/semconv.js';
import { boundedJson } from './boundedJson.js';
import { boundedText } from './boundedText.js';
import type { CaptureOptions } from './options.js';
import { promptVariables } from './promptVariables.js';
import { readCaptureOptions } from './readOptions.js';
import type { CheckedOptions } from './readOptions.js';
import type { Redaction } from './redactor.js';
import { standardRules } from './standardRules.js';
import { timedRule } from './timedRule.js';
import { sensitiveKeys } from './sensitiveKeys.js';

/**
 * Turns content into span attributes, as far as the options allow. Secrets are removed and sizes bounded before an attribute
 * exists. No method throws; content that is not enabled, or cannot be read, gives an empty object.
 */
export interface Capture {
  /** `params.arguments` of a `tools/call` for the named tool. */
  argumentsOf(tool: unknown, args: unknown): Attributes;
  /** The result of a `tools/call`. */
  resultOf(tool: unknown, result: unknown): Attributes;
  /** `params.arguments` of a `prompts/get`: at most 32 attributes, at most `maxBytes` in total. */
  promptVariables(prompt: unknown, args: unknown): Attributes;
  /** A whole JSON-RPC message. */
  requestSize(message: unknown): Attributes;
  /** A whole JSON-RPC message. */
  responseSize(message: unknown): Attributes;
  /** Returns a text fit for a span's status or exception event; `undefined` when error texts are not enabled. */
  errorMessage(text: unknown): string | undefined;
}

export interface CaptureDependencies {
  /** Called with problems in the options; content then stays off. Default: the OpenTelemetry diagnostics. */
  readonly report?: (problem: string) => void;
}

const NOTHING: Attributes = Object.freeze({});

/** Builds the capture once, at setup; `undefined` when it has nothing to do. Never throws. */
export function createCapture(options: CaptureOptions, dependencies: CaptureDependencies = {}): Capture | undefined {
  const report =
    dependencies.report ??
    ((problem: string): void => {
      diag.error(problem);
    });
  try {
    const { checked, problems } = readCaptureOptions(options);
    for (const { key, given, allowed } of problems) report(`no content is captured: ${key}: given ${given}; allowed: ${allowed}`);
    if (checked === undefined) return undefined;
    const isOn = checked.arguments || checked.results || checked.promptVariables || checked.sizes || checked.errorMessages;
    return isOn ? captureOf(checked, report) : undefined;
  } catch {
    report('no content is captured: the capture options cannot be read');
    return undefined;
  }
}

function captureOf(options: CheckedOptions, report: (problem: string) => void): Capture {
  let givenUp = false;
  const isSensitiveKey = sensitiveKeys(options.redactKeys);
  const giveUp = (): void => {
    if (!givenUp) report('content is no longer captured: a pattern in redactPatterns takes too long');
    givenUp = true;
  };
  const patterns = options.redactPatterns.length === 0 ? [] : [timedRule(options.redactPatterns, giveUp)];
  const redaction: Redaction = { isSensitiveKey, rules: [...patterns, ...standardRules({ isSensitiveKey, emails: options.redactEmails })] };
  const maxBytes = options.maxBytes;
  const mayShow = (tool: unknown): boolean => typeof tool === 'string' && !options.deny.has(tool) && options.allow?.has(tool) !== false;

  function attributes(isWanted: boolean, make: () => Attributes): Attributes {
    if (!isWanted || givenUp) return NOTHING;
    try {
      return make();
    } catch {
      return NOTHING;
    }
  }
  const json = (name: string, value: unknown): Attributes => {
    const text = boundedJson(value, maxBytes, redaction);
    return text === undefined ? NOTHING : { [name]: text };
  };
  const size = (name: string, message: unknown): Attributes =>
    attributes(options.sizes, () => ({ [name]: Buffer.byteLength(JSON.stringify(message)) }));

  return {
    argumentsOf: (tool, args) => attributes(options.arguments && mayShow(tool), () => json(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, args)),
    resultOf: (tool, result) => attributes(options.results && mayShow(tool), () => json(ATTR_GEN_AI_TOOL_CALL_RESULT, result)),
    promptVariables: (_prompt, args) =>
      attributes(options.promptVariables, () => promptVariables(ATTR_GEN_AI_PROMPT_VARIABLE_PREFIX, args, maxBytes, redaction)),
    requestSize: (message) => size(ATTR_HANDOFF_MCP_REQUEST_SIZE, message),
    responseSize: (message) => size(ATTR_HANDOFF_MCP_RESPONSE_SIZE, message),
    errorMessage: (text) => {
      if (!options.errorMessages || givenUp || typeof text !== 'string') return undefined;
      try {
        return boundedText(text, maxBytes, redaction);
      } catch {
        return undefined;
      }
    },
  };
}
