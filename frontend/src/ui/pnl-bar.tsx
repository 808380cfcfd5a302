import type { Amount } from "@/lib/format";

interface PnlBarProps {
  value: Amount;
  /** The largest gain or loss beside it: as long as half of the room. */
  largest: number;
}

const HALF = 50;

/** A gain to the right of a middle line, a loss to the left. The figure stands beside it. */
export function PnlBar({ value, largest }: PnlBarProps) {
  const share = value && largest > 0 ? (HALF * Math.abs(value)) / largest : 0;
  const isLoss = (value ?? 0) < 0;
  return (
    <span aria-hidden="true" className="relative block h-3 w-full min-w-16">
      <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
      <span
        className={`absolute inset-y-0 rounded-xs ${isLoss ? "bg-down" : "bg-up"}`}
        style={{ width: `${share}%`, left: `${isLoss ? HALF - share : HALF}%` }}
      />
    </span>
  );
}
