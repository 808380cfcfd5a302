/** Settings as a wallet has them, and what drafts of them are read against. */
import { useQueries } from "@tanstack/react-query";
import { own } from "@/lib/own";
import type { Ground } from "@/lib/settings/draft";
import { strategiesQuery } from "./queries";
import { ANY_SYMBOL, settingsQuery, standardQuery } from "./settings";
import type { Effective, Setting, SettingState, Token } from "./wire";

export interface Wishes {
  ground: Ground;
  /** By symbol; `*` is always there. */
  settings: Record<string, SettingState>;
}

/** Everything that an editor of settings has to know first; `wishes` is null until it is here. */
export function useWishes(wallet: string) {
  return useQueries({
    queries: [strategiesQuery, standardQuery(wallet), settingsQuery(wallet)],
    combine: ([strategies, standard, settings]) => {
      const all = [strategies, standard, settings];
      const isHere = strategies.data && standard.data && settings.data;
      const wishes: Wishes | null = isHere
        ? {
            ground: { strategies: strategies.data.items, standard: standard.data },
            settings: settings.data,
          }
        : null;
      return {
        wishes,
        error: all.find((query) => query.isError)?.error ?? null,
        isFetching: all.some((query) => query.isFetching),
        retry: () => {
          for (const query of all) if (query.isError) query.refetch();
        },
      };
    },
  });
}

/** What counts for a symbol now: its own settings, else those of every token. */
export function effectiveFor({ settings, ground }: Wishes, symbol: string): Effective {
  return own(settings, symbol)?.effective ?? settings[ANY_SYMBOL]?.effective ?? ground.standard;
}

/** As written for a symbol, else for every token; null where the platform's own count. */
export function writtenFor({ settings }: Wishes, symbol: string): Setting | null {
  const state = own(settings, symbol);
  return state === undefined ? (settings[ANY_SYMBOL]?.settings ?? null) : state.settings;
}

/**
 * Whose settings count for a token, as the platform chooses: those of its mint, else of the last
 * name in the alphabet that means its symbol; null where it follows every token.
 */
export function ruleFor({ settings }: Pick<Wishes, "settings">, token: Token): string | null {
  if (own(settings, token.address)?.settings) return token.address;
  const symbol = token.symbol?.toUpperCase();
  const means = (name: string) => name.split("-", 1)[0]?.toUpperCase() === symbol;
  const names = Object.keys(settings).filter((name) => settings[name]?.settings && means(name));
  return names.sort().at(-1) ?? null;
}
