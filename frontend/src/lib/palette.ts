/** The colours of the tokens, resolved, for drawing on a canvas. */
const names = {
  ground: "--surface",
  text: "--text-muted",
  strong: "--text",
  faint: "--text-faint",
  grid: "--line",
  crosshair: "--line-strong",
  accent: "--accent",
  accentSoft: "--accent-soft",
  up: "--up",
  down: "--down",
  downSoft: "--down-soft",
  candleUp: "--candle-up",
  candleDown: "--candle-down",
  volumeUp: "--volume-up",
  volumeDown: "--volume-down",
  series1: "--series-1",
  series2: "--series-2",
  series3: "--series-3",
  series4: "--series-4",
  font: "--font-sans",
} as const;

export type Palette = Record<keyof typeof names, string>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return Object.fromEntries(
    Object.entries(names).map(([key, name]) => [key, read(name)]),
  ) as Palette;
}
