/** Maximum number of remembered keys: beyond it the oldest are dropped and may return an old value until their time to live ends. */
const maxKeys = 10_000;

/** Keys whose value in a remote cache is outdated and has yet to be deleted there. */
export class OutdatedKeys {
  private readonly keys = new Set<string>();
  private draining = false;

  get size(): number {
    return this.keys.size;
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(key: string): void {
    this.keys.add(key);
    if (this.keys.size <= maxKeys) return;
    const oldest = this.keys.values().next();
    if (!oldest.done) this.keys.delete(oldest.value);
  }

  /** True when the key was outdated. */
  remove(key: string): boolean {
    return this.keys.delete(key);
  }

  /**
   * Deletes keys with `drop` until none is left or one cannot be deleted. That one goes to the end: in a Cluster only its node may be away.
   * Only one drain at a time. Never rejects if `drop` does not.
   */
  async drain(drop: (key: string) => Promise<boolean>): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    try {
      for (const key of this.keys) {
        const isDropped = await drop(key);
        const isStillOutdated = this.keys.delete(key);
        if (isDropped) continue;
        if (isStillOutdated) this.keys.add(key);
        return;
      }
    } finally {
      this.draining = false;
    }
  }
}
