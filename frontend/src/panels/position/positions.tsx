import { useMemo } from "react";
import { useLive } from "@/api/live";
import { positionIn, useShown } from "@/api/shown";
import type { Position } from "@/api/wire";
import { useDrawers } from "@/lib/drawers";
import { shortAddress } from "@/lib/format";
import { select } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Change } from "@/ui/figures";
import { CloseButtons } from "./close-buttons";
import { PositionDetails } from "./position-details";

function choose({ token, trade_id: trade }: Position) {
  select({ token, trade });
}

interface PositionRowProps {
  position: Position;
  isOpen: boolean;
  onOpen: (trade: number) => void;
}

function PositionRow({ position, isOpen, onOpen }: PositionRowProps) {
  const { token } = position;
  return (
    <li className="border-line border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => choose(position)}
        className="flex w-full items-baseline justify-between gap-2 px-3 py-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <span className="min-w-0 truncate font-semibold">
          {token.symbol === null ? shortAddress(token.address) : cleanText(token.symbol, 24)}
        </span>
        <span className="flex shrink-0 items-baseline gap-2">
          <Change value={position.unrealised_pnl} className="font-semibold" />
          <Change value={position.unrealised_pnl_percent} unit="percent" className="text-sm" />
        </span>
      </button>
      {isOpen && (
        <div className="flex flex-col gap-3 px-3 pb-3">
          <PositionDetails position={position} />
          <CloseButtons position={position} />
          <Button
            size="small"
            look="quiet"
            aria-haspopup="dialog"
            onClick={() => onOpen(position.trade_id)}
          >
            Trade in full, what if…
          </Button>
        </div>
      )}
    </li>
  );
}

/** Open positions, the newest first; the one that the chart shows is spread out. */
export function Positions() {
  const positions = useLive((state) => state.positions);
  const { token, trade } = useShown();
  const { openTrade } = useDrawers();
  const sorted = useMemo(
    () => Object.values(positions).sort((one, other) => other.trade_id - one.trade_id),
    [positions],
  );
  const shown = token === null ? undefined : positionIn(positions, token.address, trade);
  return (
    <Card title="Positions" scrolls className="max-h-[27rem]">
      {sorted.length === 0 ? (
        <Empty title="No open position">
          When a strategy confirms a signal, the trade opens here: its cost, its stop and its
          targets.
        </Empty>
      ) : (
        <ul>
          {sorted.map((position) => (
            <PositionRow
              key={position.trade_id}
              position={position}
              isOpen={position.trade_id === shown?.trade_id}
              onOpen={openTrade}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}
