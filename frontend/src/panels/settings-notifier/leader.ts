/**
 * One of all tabs leads: it holds a lock of the browser, which passes on when the tab goes. A page
 * that holds a lock is not put to sleep, either.
 */
export function lead(
  name: string,
  onLead: () => void,
  locks: LockManager | null = navigator.locks ?? null,
): () => void {
  if (locks === null) {
    // Two tabs would both tell; the notes' tags keep the browser from showing one twice.
    onLead();
    return () => undefined;
  }
  const asked = new AbortController();
  let giveUp = () => {};
  const held = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  locks
    .request(name, { signal: asked.signal }, () => {
      if (!asked.signal.aborted) onLead();
      return held;
    })
    .catch((error: unknown) => {
      if (!asked.signal.aborted) throw error;
    });
  return () => {
    giveUp();
    asked.abort();
  };
}
