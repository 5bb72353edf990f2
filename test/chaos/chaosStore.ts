/** Where the replicas keep archived sessions, which fails as often as it is told to. */
export interface ChaosStore {
  /** What makes a replica use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Share of the operations that fail, from 0 to 1. */
  failureShare: number;
  /** Faults so far, by kind. */
  readonly injected: Readonly<Record<string, number>>;
  /** Reads an object past all faults. */
  read(key: string): Promise<Uint8Array>;
  close(): Promise<void>;
}
