import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { newKey, sell } from "@/api/closing";
import { useLive } from "@/api/live";
import type { Position } from "@/api/wire";
import { type Closing, stopAsking, useClosing } from "@/lib/closing";
import { formatPercent, formatPrice, formatSol, formatTokens } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Change, Price, Sol } from "@/ui/figures";
import { notify } from "@/ui/toast";
import { nameOf } from "./name";

const percent = (portion: number) => formatPercent(100 * portion, 0);

function useSale(position: Position, portion: number) {
  const wallet = useWallet();
  const { token, strategy } = position;
  // One key per question: a second try after a lost answer sells nothing twice.
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: () => sell({ wallet, token: token.address, strategy, portion, key }),
    onSuccess: ({ sold }) => {
      stopAsking();
      const lines = sold.map(
        ({ fill }) => `${formatSol(fill.sol_amount)} SOL at ${formatPrice(fill.price)}`,
      );
      notify(`Sold ${percent(portion)} of ${nameOf(token)}: ${lines.join(", ")}.`);
    },
  });
}

/** What would be sold, at about which price, and what would be left. */
function Outcome({ position, portion }: { position: Position; portion: number }) {
  const { tokens, token, value, price } = position;
  const left = tokens * (1 - portion);
  const row = "flex items-baseline justify-between gap-3 py-1";
  return (
    <dl className="divide-y divide-line">
      <div className={row}>
        <dt className="text-muted">Sells</dt>
        <dd className="num">
          {formatTokens(tokens * portion)} of {formatTokens(tokens)} {nameOf(token)}
        </dd>
      </div>
      <div className={row}>
        <dt className="text-muted">At the market, now about</dt>
        <dd>
          <Price value={price} />
        </dd>
      </div>
      <div className={row}>
        <dt className="text-muted">Brings about</dt>
        <dd>
          <Sol value={value * portion} className="font-medium" /> SOL
        </dd>
      </div>
      <div className={row}>
        <dt className="text-muted">The position stands at</dt>
        <dd>
          <Change value={position.unrealised_pnl_percent} unit="percent" />
        </dd>
      </div>
      <div className={row}>
        <dt className="text-muted">Is left</dt>
        <dd className="text-right">
          {left > 0 ? (
            <>
              <span className="num">
                {formatTokens(left)}, about {formatSol(value * (1 - portion))} SOL
              </span>
              <span className="block text-faint text-sm">with the same stop and targets</span>
            </>
          ) : (
            "nothing: the trade ends"
          )}
        </dd>
      </div>
    </dl>
  );
}

function Question({ position, portion }: { position: Position; portion: number }) {
  const sale = useSale(position, portion);
  const isHeld = useLive(({ positions }) => positions[position.trade_id] !== undefined);
  const name = nameOf(position.token);
  if (!isHeld && !sale.isPending) {
    return (
      <Dialog open onClose={stopAsking} title={`${name} is sold`}>
        <div className="flex flex-col gap-4">
          <p className="text-muted">
            Its trade ended while you were asked; there is nothing left to sell.
          </p>
          <Button className="self-end" onClick={stopAsking}>
            Close
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={stopAsking} title={`Sell ${percent(portion)} of ${name}?`}>
      <div className="flex flex-col gap-4">
        <Outcome position={position} portion={portion} />
        {sale.isError && (
          <p role="alert" className="text-down">
            It was not sold. {sale.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={stopAsking}>Keep</Button>
          <Button look="danger" busy={sale.isPending} onClick={() => sale.mutate()}>
            {sale.isPending && "Selling…"}
            {!sale.isPending && (sale.isError ? "Retry" : `Sell ${percent(portion)}`)}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Asks before anything is sold by hand. The position may end while the question stands. */
export function CloseDialog() {
  const asked = useClosing();
  const held = useLive(({ positions }) => (asked === null ? undefined : positions[asked.trade]));
  const last = useRef<{ asked: Closing; position: Position } | null>(null);
  if (asked === null) last.current = null;
  else if (held !== undefined) last.current = { asked, position: held };
  if (last.current === null || last.current.asked.trade !== asked?.trade) return null;
  const { position } = last.current;
  return (
    <Question key={`${asked.trade} ${asked.portion}`} position={position} portion={asked.portion} />
  );
}
