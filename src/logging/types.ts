/** What every log context may carry. */
export interface LogContext {
  /** When it happened, if that is not now. */
  readonly timestamp?: Date;
  readonly sessionId?: string;
  /** Ties the records of one piece of work together across services. Traces already do this by `trace_id`. */
  readonly correlationId?: string;
  readonly userId?: string;
  /** Anything else worth keeping. It is written unchanged, so it must not hold callers' content. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface ToolCallContext extends LogContext {
  readonly toolName: string;
  /** Milliseconds. */
  readonly executionTimeMs: number;
  readonly success: boolean;
  /** Content: written only with `StructuredLoggerOptions.content`. */
  readonly inputParameters?: unknown;
  /** Content: written only with `StructuredLoggerOptions.content`. */
  readonly outputData?: unknown;
  /** Content: written only with `StructuredLoggerOptions.content`. */
  readonly errorMessage?: string;
}

export interface HandoffContext extends LogContext {
  readonly agentFrom: string;
  readonly agentTo: string;
  readonly handoffType: 'request' | 'accept' | 'reject' | 'complete';
  /** Length of the context as JSON, in characters. */
  readonly contextSize?: number;
  /** Milliseconds. */
  readonly processingTimeMs?: number;
  readonly success: boolean;
  /** Content that agents write: written only with `StructuredLoggerOptions.content`. */
  readonly reason?: string;
}

export interface SystemContext extends LogContext {
  readonly component: string;
  readonly operation: string;
  readonly status: 'started' | 'completed' | 'failed';
  /** Milliseconds. */
  readonly duration?: number;
  readonly resourceUsage?: { readonly memoryMB?: number; readonly cpuPercent?: number; readonly diskUsageMB?: number };
}

export type LoggedErrorType =
  | 'SystemError'
  | 'SessionError'
  | 'PerformanceError'
  | 'ValidationError'
  | 'UnknownError'
  | 'DatabaseError'
  | 'RedisError'
  | 'ServiceError'
  | 'ToolExecutionError';

export interface ErrorContext extends LogContext {
  readonly errorType: LoggedErrorType;
  readonly component: string;
  readonly operation?: string;
  /** A stack trace, for errors that lost theirs; its frames are written, but not the message before them. */
  readonly stackTrace?: string;
  readonly additionalInfo?: Readonly<Record<string, unknown>>;
}

export interface WarningContext extends LogContext {
  readonly warningType: 'Performance' | 'Resource' | 'Configuration' | 'Deprecation';
  readonly component: string;
  readonly threshold?: number;
  readonly currentValue?: number;
  readonly recommendation?: string;
}

export interface PerformanceMetric extends LogContext {
  readonly metricName: string;
  readonly metricValue: number;
  readonly metricType: 'counter' | 'gauge' | 'histogram' | 'timer';
  /** Preferably UCUM: `ms`, `s`, `By`, `1`. */
  readonly unit: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ResourceUsage extends LogContext {
  readonly component: string;
  /** Megabytes. */
  readonly memoryUsageMB: number;
  /** 0 to 100 for each core. */
  readonly cpuUsagePercent: number;
  readonly diskUsageMB?: number;
  readonly networkBytesIn?: number;
  readonly networkBytesOut?: number;
  readonly activeConnections?: number;
}

/** Writes one structured record per event, with the `event.name` of its kind. No method ever throws. */
export interface StructuredLogger {
  logToolCall(context: ToolCallContext): void;
  logHandoffEvent(context: HandoffContext): void;
  logSystemEvent(context: SystemContext): void;
  logError(error: Error, context: ErrorContext): void;
  logWarning(message: string, context: WarningContext): void;
  logPerformanceMetric(metric: PerformanceMetric): void;
  logResourceUsage(usage: ResourceUsage): void;
}
