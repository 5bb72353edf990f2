/** What serving a transport reports that belongs to no single call. A pino logger fits as it is. */
export interface ServingLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
