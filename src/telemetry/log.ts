export type RecordLevel = 'info' | 'warn' | 'error';

/** Where log records go: fields first, then a fixed text. A pino logger can be used directly. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Whether such a record would be written; who asks first need not make one that is not. Default: it would. */
  wants?(level: RecordLevel, event: string, component?: string): boolean;
}
