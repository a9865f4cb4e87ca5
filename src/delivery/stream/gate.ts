/** Lets many wait for the next change; whoever is aborted goes on too. */
export class Gate {
  private waiting = new Set<() => void>();

  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        this.waiting.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      this.waiting.add(go);
      signal.addEventListener('abort', go, { once: true });
    });
  }

  open(): void {
    for (const go of this.waiting) go();
  }
}
