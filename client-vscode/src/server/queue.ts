// Starts and stops one after the other, however fast they are asked for.

/**
 * Runs `work` for every request that came in before it began: requests made while one runs are answered by exactly one
 * more run after it.
 */
export class Coalesced {
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolve when a run that began after this call has ended; reject as that run did. */
  request(): Promise<void> {
    if (this.running === null) {
      return this.begin();
    }
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.begin();
      });
    return this.next;
  }

  /** Resolve once nothing runs, and nothing is to run, any more. */
  async idle(): Promise<void> {
    while (this.running !== null || this.next !== null) {
      await (this.next ?? this.running)?.catch(() => undefined);
    }
  }

  private begin(): Promise<void> {
    this.running = this.work().finally(() => {
      this.running = null;
    });
    return this.running;
  }
}
