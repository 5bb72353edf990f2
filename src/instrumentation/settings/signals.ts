export type Signal = 'traces' | 'metrics' | 'logs';
export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

/** Where one signal goes. */
export interface SignalSettings {
  readonly otlp: boolean;
  /** Print to stdout; never on stdio. */
  readonly console: boolean;
  /** Of the first OTLP receiver. */
  readonly protocol: OtlpProtocol;
}
