import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleDollarSign, Coins, Receipt } from "lucide-react";
import { useMemo } from "react";
import { live } from "@/api/live";
import { tradesQuery } from "@/api/queries";
import { tokensQuery } from "@/api/tokens";
import type { Token } from "@/api/wire";
import { useDrawers } from "@/lib/drawers";
import { shortAddress } from "@/lib/format";
import { places } from "@/lib/places";
import { select } from "@/lib/selection";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Change } from "@/ui/figures";
import { Keys } from "@/ui/keys";
import { type Entry, tradeNumberIn } from "./rank";
import { useActions } from "./use-actions";

const RECENT = 100;

function nameOf({ symbol, address }: Token): string {
  return cleanText(symbol ?? shortAddress(address), 24) || shortAddress(address);
}

function usePages(): Entry[] {
  const navigate = useNavigate();
  return useMemo(
    () =>
      places.map(({ to, title, key, Icon }) => ({
        id: `page ${to}`,
        group: "Pages",
        title,
        detail: <Keys keys={["g", key]} />,
        Icon,
        run: () => navigate({ to }),
      })),
    [navigate],
  );
}

/** As they stood when the search was opened: a list must not move under a finger. */
function usePositionEntries(): Entry[] {
  const navigate = useNavigate();
  return useMemo(() => {
    const positions = Object.values(live.getState().positions);
    return positions
      .sort((one, other) => other.trade_id - one.trade_id)
      .map(({ token, trade_id: trade, unrealised_pnl: pnl }) => ({
        id: `position ${trade}`,
        group: "Open positions",
        title: nameOf(token),
        words: `position #${trade} ${token.address}`,
        detail: <Change value={pnl} className="text-sm" />,
        Icon: CircleDollarSign,
        run: () => {
          select({ token, trade });
          navigate({ to: "/" });
        },
      }));
  }, [navigate]);
}

function useTokenEntries(): Entry[] {
  const navigate = useNavigate();
  const { data } = useQuery(tokensQuery);
  return useMemo(
    () =>
      (data ?? []).map(({ address, symbol, live: isLive }) => ({
        id: `token ${address}`,
        group: "Tokens",
        title: nameOf({ address, symbol }),
        words: `token ${address}`,
        detail: (
          <span className="text-faint text-sm">
            {isLive ? "prices come in" : shortAddress(address)}
          </span>
        ),
        Icon: Coins,
        run: () => {
          select({ token: { address, symbol } });
          navigate({ to: "/" });
        },
      })),
    [data, navigate],
  );
}

function useTradeEntries(search: string): Entry[] {
  const { openTrade } = useDrawers();
  const { data } = useInfiniteQuery(tradesQuery(useWallet(), { limit: RECENT }));
  const number = tradeNumberIn(search);
  return useMemo(() => {
    const known = (data?.pages ?? []).flatMap((page) => page.items);
    const entries = known.map(
      ({ id, token, entry_time, pnl_sol }): Entry => ({
        id: `trade ${id}`,
        group: "Trades",
        title: `${nameOf(token)} #${id}`,
        words: `trade ${id} ${token.address}`,
        detail: (
          <span className="flex items-baseline gap-2 text-sm">
            <Ago at={parseTime(entry_time)} className="text-faint" />
            {pnl_sol !== null && <Change value={pnl_sol} />}
          </span>
        ),
        Icon: Receipt,
        run: () => openTrade(id),
      }),
    );
    if (number === null || known.some(({ id }) => id === number)) return entries;
    const asked: Entry = {
      id: `trade ${number}`,
      group: "Trades",
      title: `Trade #${number}`,
      words: String(number),
      Icon: Receipt,
      run: () => openTrade(number),
    };
    return [asked, ...entries];
  }, [data, openTrade, number]);
}

/** Everything that can be found. */
export function useEntries(search: string): Entry[] {
  const parts = [
    usePositionEntries(),
    usePages(),
    useActions(),
    useTradeEntries(search),
    useTokenEntries(),
  ];
  return parts.flat();
}
