/** The tokens that a chart can show, as they are typed for. Pure. */
import type { MarketTokenOut } from "@/api/generated/types.gen";
import type { Token } from "@/api/wire";

export interface Choice {
  /** Null: whatever the platform shows, the newest trade. */
  token: Token | null;
  live: boolean;
  price: number | null;
}

const newest: Choice = { token: null, live: true, price: null };

/** Those whose symbol begins with what was typed, then those that hold it, by symbol or address. */
export function choicesOf(tokens: MarketTokenOut[], typed: string): Choice[] {
  const wanted = typed.trim().toLowerCase();
  const place = ({ symbol, address }: MarketTokenOut): number => {
    const name = symbol?.toLowerCase() ?? "";
    if (name.startsWith(wanted)) return 0;
    return name.includes(wanted) || address.toLowerCase().startsWith(wanted) ? 1 : 2;
  };
  const found = tokens
    .map((token) => ({ token, place: place(token) }))
    .filter((it) => it.place < 2)
    .sort((one, other) => one.place - other.place)
    .map(({ token: { address, symbol, live, price } }) => ({
      token: { address, symbol },
      live,
      price,
    }));
  return wanted === "" ? [newest, ...found] : found;
}
