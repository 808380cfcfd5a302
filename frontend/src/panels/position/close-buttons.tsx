import type { Position } from "@/api/wire";
import { askToClose } from "@/lib/closing";
import { formatPercent } from "@/lib/format";
import { select } from "@/lib/selection";
import { Button } from "@/ui/button";
import { nameOf } from "./name";

const portions = [0.25, 0.5, 1];

/** Each leads to a question first. */
export function CloseButtons({ position }: { position: Position }) {
  const { token, trade_id: trade } = position;
  const ask = (portion: number) => {
    // A trade that opens meanwhile must not take this one's place, and the question with it.
    select({ token, trade });
    askToClose({ trade, portion });
  };
  return (
    <fieldset className="grid grid-cols-3 gap-1.5">
      <legend className="sr-only">Close {nameOf(token)}</legend>
      {portions.map((portion) => (
        <Button key={portion} size="small" aria-haspopup="dialog" onClick={() => ask(portion)}>
          Close {formatPercent(100 * portion, 0)}
        </Button>
      ))}
    </fieldset>
  );
}
