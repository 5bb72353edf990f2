/** Where log records go: fields first, then a fixed text. A pino logger can be used directly. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
