/** For each language a small program, and what is in it. Lines are total, code, comment and blank. */
export interface Sample {
  readonly source: string;
  readonly functions: readonly string[];
  readonly classes: readonly string[];
  readonly imports: readonly string[];
  readonly dependencies: readonly string[];
  readonly complexity: number;
  readonly lines: readonly [number, number, number, number];
}
