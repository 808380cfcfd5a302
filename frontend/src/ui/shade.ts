const STRONGEST = 52;

/** A ground for −1 (bad) to 1 (good): apart for colour-blind eyes, and text on it stays readable. */
export function groundOf(shade: number): string {
  const share = Math.round(STRONGEST * Math.min(Math.abs(shade), 1));
  return `color-mix(in srgb, var(${shade < 0 ? "--down" : "--up"}) ${share}%, var(--raised))`;
}
