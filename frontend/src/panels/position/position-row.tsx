import { memo } from "react";
import { useLive } from "@/api/live";
import { select } from "@/lib/selection";
import { classes } from "@/ui/classes";
import { Change } from "@/ui/figures";
import { nameOf } from "./name";
import { PriceFlag } from "./price-flag";

export const ROW = 34;

/** One line that listens to its own position alone: another's price does not draw it anew. */
export const PositionRow = memo(function PositionRow({
  trade,
  isShown,
}: {
  trade: number;
  isShown: boolean;
}) {
  const position = useLive(({ positions }) => positions[trade]);
  if (position === undefined) return null;
  const { token } = position;
  return (
    <button
      type="button"
      aria-pressed={isShown}
      onClick={() => select({ token, trade })}
      className={classes(
        "flex h-[34px] w-full items-center justify-between gap-2 border-line border-b border-l-2 pr-3 pl-2.5 text-left hover:bg-hover focus-visible:outline-offset-[-2px]",
        isShown ? "border-l-accent bg-accent-soft" : "border-l-transparent",
      )}
    >
      <span className="flex min-w-0 items-baseline gap-1.5">
        <span className="min-w-0 truncate font-medium">{nameOf(token)}</span>
        <PriceFlag state={position.price_state} />
      </span>
      <span className="flex shrink-0 items-baseline gap-2">
        <Change value={position.unrealised_pnl} className="font-medium" />
        <Change
          value={position.unrealised_pnl_percent}
          unit="percent"
          className="min-w-16 text-right text-sm"
        />
      </span>
    </button>
  );
});
