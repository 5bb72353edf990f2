/** More than this are not remembered: the oldest are given up and may show an old value until their time to live ends. */
const maxKeys = 10_000;

/** Keys whose value in a remote cache is no longer right and has yet to be deleted there. */
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

  /** Deletes key after key with `drop`, until none is left or one cannot be dropped. One drain at a time. Never rejects if `drop` does not. */
  async drain(drop: (key: string) => Promise<boolean>): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    try {
      for (const key of this.keys) {
        if (!(await drop(key))) return;
        this.keys.delete(key);
      }
    } finally {
      this.draining = false;
    }
  }
}
