export type Signal = 'traces' | 'metrics' | 'logs';
export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

/** Where one signal goes. */
export interface SignalSettings {
  readonly otlp: boolean;
  /** Whether to print to stdout; never on stdio. */
  readonly console: boolean;
  /** The protocol of the first OTLP receiver. */
  readonly protocol: OtlpProtocol;
}
