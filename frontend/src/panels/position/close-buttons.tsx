import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { closePosition } from "@/api/queries";
import type { Position } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { select } from "@/lib/selection";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Change, Price, Sol } from "@/ui/figures";
import { notify } from "@/ui/toast";

const portions = [0.25, 0.5, 1];
const percent = (portion: number) => `${100 * portion} %`;

/** Sells a part of what is left at the market, after a second look. */
export function CloseButtons({ position }: { position: Position }) {
  const wallet = useWallet();
  const [portion, setPortion] = useState<number | null>(null);
  const { token, strategy } = position;
  const symbol = cleanText(token.symbol ?? shortAddress(token.address), 24);
  const close = useMutation({
    mutationFn: (share: number) =>
      closePosition({ wallet, token: token.address, portion: share, strategy }),
    onSuccess: (_, share) => {
      setPortion(null);
      notify(`Sold ${percent(share)} of ${symbol}.`);
    },
  });
  const ask = (share: number) => {
    // A trade that opens meanwhile must not take this one's place, and the question with it.
    select({ token, trade: position.trade_id });
    setPortion(share);
  };
  const cancel = () => {
    close.reset();
    setPortion(null);
  };
  return (
    <>
      <fieldset className="grid grid-cols-3 gap-1.5">
        <legend className="sr-only">Close {symbol}</legend>
        {portions.map((share) => (
          <Button key={share} size="small" onClick={() => ask(share)}>
            Close {percent(share)}
          </Button>
        ))}
      </fieldset>
      <Dialog
        open={portion !== null}
        onClose={cancel}
        title={`Sell ${percent(portion ?? 0)} of ${symbol}?`}
      >
        <div className="flex flex-col gap-4">
          <p className="text-muted">
            Sells at the market price of the moment, about{" "}
            <Sol value={position.value * (portion ?? 0)} className="text-text" /> SOL at{" "}
            <Price value={position.price} className="text-text" />. The position stands at{" "}
            <Change value={position.unrealised_pnl_percent} unit="percent" />.
          </p>
          {close.isError && (
            <p role="alert" className="text-down">
              Nothing was sold. {close.error.message}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <Button onClick={cancel}>Keep</Button>
            <Button
              look="danger"
              busy={close.isPending}
              onClick={() => portion !== null && close.mutate(portion)}
            >
              Sell {percent(portion ?? 0)}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
