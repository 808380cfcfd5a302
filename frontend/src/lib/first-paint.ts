/** How long a first paint is waited for, ms: a tab behind others has none. */
const PATIENCE = 100;

/**
 * Begins once the browser has painted something. A slow processor takes half a second to make a
 * page; whoever waits for it reads the name that index.html brought instead of nothing.
 */
export function afterFirstPaint(begin: () => void): void {
  let hasBegun = false;
  const go = () => {
    if (hasBegun) return;
    hasBegun = true;
    observer.disconnect();
    clearTimeout(timer);
    begin();
  };
  const observer = new PerformanceObserver(go);
  const timer = setTimeout(go, PATIENCE);
  observer.observe({ type: "paint", buffered: true });
}
