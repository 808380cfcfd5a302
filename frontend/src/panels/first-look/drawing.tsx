/** Open, high, low, close, from 0 at the bottom to 100; a drawing, not a market. */
const candles: [number, number, number, number][] = [
  [30, 36, 25, 33],
  [33, 37, 28, 29],
  [29, 33, 24, 31],
  [31, 38, 29, 36],
  [36, 40, 31, 33],
  [33, 36, 29, 35],
  [35, 41, 33, 39],
  [39, 43, 34, 36],
  [36, 41, 34, 40],
  [40, 52, 39, 50],
  [50, 55, 46, 48],
  [48, 58, 47, 56],
  [56, 60, 51, 53],
  [53, 57, 48, 55],
  [55, 66, 54, 64],
  [64, 70, 60, 62],
  [62, 74, 61, 72],
  [72, 82, 70, 80],
  [80, 84, 72, 74],
  [74, 79, 70, 77],
  [77, 80, 71, 73],
];
const BOUGHT = 9;
const SOLD = 17;
const WIDTH = 520;
const PRICES = 236;
const HEIGHT = 290;
const STEP = 20;
const BODY = 11;
const EDGE = candles.length * STEP + 12;

const y = (value: number) => PRICES - (value - 20) * 3;
const x = (index: number) => index * STEP + STEP / 2;

function Candle({ index }: { index: number }) {
  const [open, high, low, close] = candles[index] ?? [0, 0, 0, 0];
  const side = close >= open ? "up" : "down";
  const color = `var(--candle-${side})`;
  const volume = 4 + 2 * (high - low);
  const left = x(index) - BODY / 2;
  return (
    <g stroke={color} fill={color}>
      <line x1={x(index)} x2={x(index)} y1={y(high)} y2={y(low)} />
      <rect
        x={left}
        y={y(Math.max(open, close))}
        width={BODY}
        height={Math.max(1, y(0) - y(Math.abs(close - open)))}
        rx="1"
      />
      <rect
        x={left}
        y={HEIGHT - volume}
        width={BODY}
        height={volume}
        stroke="none"
        fill={`var(--volume-${side})`}
      />
    </g>
  );
}

function Line({ name, value, color }: { name: string; value: number; color: string }) {
  const since = x(BOUGHT) - BODY;
  return (
    <g>
      <line x1={since} x2={EDGE} y1={y(value)} y2={y(value)} stroke={color} strokeDasharray="4 4" />
      <text x={EDGE + 8} y={y(value) + 4} fill={color} className="font-medium text-sm">
        {name}
      </text>
    </g>
  );
}

interface MarkProps {
  index: number;
  value: number;
  /** Points up from below the price, or down from above. */
  side: 1 | -1;
  name: string;
}

function Mark({ index, value, side, name }: MarkProps) {
  const [px, py] = [x(index), y(value) + side * 5];
  const points = `${px},${py} ${px - 5},${py + side * 8} ${px + 5},${py + side * 8}`;
  return (
    <g fill={side === 1 ? "var(--up)" : "var(--down)"}>
      <polygon points={points} />
      <text x={px} y={py + (side === 1 ? 22 : -14)} textAnchor="middle" className="text-sm">
        {name}
      </text>
    </g>
  );
}

/** How a trade looks on the chart: bought, sold in part at the first target, with its lines. */
export function Drawing() {
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" className="w-full">
      <Line name="Target 2" value={93} color="var(--up)" />
      <Line name="Target 1" value={77} color="var(--up)" />
      <Line name="Entry" value={50} color="var(--accent)" />
      <Line name="Stop" value={36} color="var(--down)" />
      {candles.map(([open], index) => (
        <Candle key={`${x(index)} ${open}`} index={index} />
      ))}
      <Mark index={BOUGHT} value={37} side={1} name="Bought" />
      <Mark index={SOLD} value={82} side={-1} name="Sold a part" />
    </svg>
  );
}
