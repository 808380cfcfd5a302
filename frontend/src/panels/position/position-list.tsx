import { useRef } from "react";
import { useSight } from "@/ui/use-sight";
import { PositionRow, ROW } from "./position-row";

/** Rows drawn beyond either end of what is in sight. */
const BEYOND = 10;
/** Lines that can be seen in any case. */
const LEAST = 3;

interface PositionListProps {
  trades: number[];
  shown: number | null;
  onHold: (isHeld: boolean) => void;
}

/** Every open position on a line; only those in sight are drawn. */
export function PositionList({ trades, shown, onHold }: PositionListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { top, height } = useSight(scroller, ROW);
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const drawn = trades.slice(first, Math.ceil((top + height) / ROW) + BEYOND);
  return (
    <div
      ref={scroller}
      className="max-h-60 flex-1 overflow-y-auto border-line border-t"
      style={{ minHeight: Math.min(trades.length, LEAST) * ROW }}
    >
      <ul
        aria-label="Open positions"
        onPointerEnter={() => onHold(true)}
        onPointerLeave={() => onHold(false)}
        onFocus={() => onHold(true)}
        onBlur={() => onHold(false)}
        className="relative"
        style={{ height: trades.length * ROW }}
      >
        {drawn.map((trade, place) => (
          <li
            key={trade}
            aria-setsize={trades.length}
            aria-posinset={first + place + 1}
            className="absolute inset-x-0"
            style={{ top: (first + place) * ROW }}
          >
            <PositionRow trade={trade} isShown={trade === shown} />
          </li>
        ))}
      </ul>
    </div>
  );
}
