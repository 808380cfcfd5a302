/** A shadow's settings beside the wallet's own. Pure. */
import type { Wishes } from "@/api/ground";
import { ANY_SYMBOL } from "@/api/settings";
import type { Effective, Setting } from "@/api/wire";
import { type Difference, differencesOf } from "@/lib/settings/diff";
import { draftOf, effectiveOf, type Ground } from "@/lib/settings/draft";

export type Written = Record<string, Setting>;

/** What the wallet has written itself, by symbol. */
export function writtenOf({ settings }: Wishes): Written {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([symbol, state]) =>
      state.settings === null ? [] : [[symbol, state.settings]],
    ),
  );
}

/** What counts for a symbol: its own settings, else those of every token, else the platform's. */
export function effectiveIn(written: Written, symbol: string, ground: Ground): Effective {
  const setting = written[symbol] ?? written[ANY_SYMBOL] ?? null;
  return effectiveOf(draftOf(setting, ground), ground);
}

export interface SymbolDifferences {
  symbol: string;
  differences: Difference[];
}

/** Every symbol for which two wallets would act differently; every token first. */
export function differencesBySymbol(
  before: Written,
  after: Written,
  ground: Ground,
): SymbolDifferences[] {
  const symbols = new Set([ANY_SYMBOL, ...Object.keys(before), ...Object.keys(after)]);
  return [...symbols].flatMap((symbol) => {
    const differences = differencesOf(
      effectiveIn(before, symbol, ground),
      effectiveIn(after, symbol, ground),
      ground,
    );
    return differences.length > 0 ? [{ symbol, differences }] : [];
  });
}

/**
 * What the wallet would have after adopting: the shadow's settings; symbols that only the wallet
 * names keep theirs, unless they are replaced.
 */
export function adopted(mine: Written, shadow: Written, replace: boolean): Written {
  const kept = Object.entries(mine).filter(([symbol]) => symbol !== ANY_SYMBOL);
  return { ...(replace ? {} : Object.fromEntries(kept)), ...shadow };
}

/** Symbols that only the wallet has settings for. */
export function ownOnly(mine: Written, shadow: Written): string[] {
  return Object.keys(mine).filter((symbol) => symbol !== ANY_SYMBOL && !(symbol in shadow));
}
