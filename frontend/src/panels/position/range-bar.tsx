import type { Position } from "@/api/wire";
import { formatPercent, formatPercentChange } from "@/lib/format";
import { Price } from "@/ui/figures";
import { rangeOf } from "./range";

const at = (share: number) => ({ left: `${100 * share}%` });
const between = (from: number, to: number) => ({
  left: `${100 * Math.min(from, to)}%`,
  width: `${100 * Math.abs(to - from)}%`,
});

function gain(price: number, from: number): string {
  return formatPercentChange(100 * (price / from - 1));
}

function End({ name, price, aside }: { name: string; price: number; aside: string }) {
  return (
    <span className="min-w-0">
      <span className="text-muted">{name} </span>
      <Price value={price} />
      <span className="num block text-faint">{aside}</span>
    </span>
  );
}

/** Stop, entry, price and next target on one line: how far it is to either end. */
export function RangeBar({ position }: { position: Position }) {
  const { price, stop_loss_price: stop, next_tier: next, highest_price_seen: highest } = position;
  const range = rangeOf(position);
  const toStop = gain(stop, price);
  return (
    <div>
      <div
        role="img"
        aria-label={`The stop is ${toStop} from the price, ${
          next ? `the next target ${gain(next.price, price)}` : "every target is taken"
        }`}
        className="relative my-2 h-1.5 rounded-full bg-raised"
      >
        <span
          className={`absolute h-full rounded-full ${range.price >= range.entry ? "bg-up" : "bg-down"}`}
          style={between(range.entry, range.price)}
        />
        <span className="-top-1 absolute h-3.5 w-0.5 bg-down" style={at(range.stop)} />
        <span className="-top-0.5 absolute h-2.5 w-px bg-muted" style={at(range.entry)} />
        {range.target !== null && (
          <span
            className="-top-1 -translate-x-full absolute h-3.5 w-0.5 bg-up"
            style={at(range.target)}
          />
        )}
        <span
          className="-top-1 -translate-x-1/2 absolute size-3.5 rounded-full border-2 border-surface bg-text"
          style={at(range.price)}
        />
      </div>
      <div className="flex justify-between gap-3 text-sm">
        <End name="Stop" price={stop} aside={toStop} />
        <span className="min-w-0 text-right">
          {next ? (
            <End
              name="Target"
              price={next.price}
              aside={`${gain(next.price, price)}, sells ${formatPercent(100 * next.portion, 0)}`}
            />
          ) : (
            <End name="Highest" price={highest} aside="every target taken" />
          )}
        </span>
      </div>
    </div>
  );
}
