/** Requests about settings: read, try, write, remove. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import {
  deleteSettings,
  getAllSettings,
  listMarketTokens,
  listSettingsVersions,
  previewSettings,
  putSettings,
} from "./generated/sdk.gen";
import { data, signedIn } from "./queries";
import type { Setting } from "./wire";

export const ANY_SYMBOL = "*";

export const settingsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["settings", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(getAllSettings({ path: { wallet }, signal, ...thrown })),
  });

/** What a wallet without any settings gets: the platform's own, as an empty wish comes to. */
export const standardQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["settings-standard", wallet],
    enabled: signedIn(wallet),
    queryFn: async () => (await trySettings(wallet, ANY_SYMBOL, {})).effective,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const versionsQuery = (wallet: string, symbol: string) =>
  queryOptions({
    queryKey: ["settings", wallet, "versions", symbol],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(listSettingsVersions({ path: { wallet, symbol }, signal, ...thrown })),
  });

export const tokensQuery = queryOptions({
  queryKey: ["market", "tokens"],
  queryFn: ({ signal }) => data(listMarketTokens({ signal, ...thrown })),
});

/** What settings would come to; nothing is changed. */
export const trySettings = (wallet: string, symbol: string, body: Setting) =>
  data(previewSettings({ path: { wallet, symbol }, body, ...thrown }));

export const writeSettings = (wallet: string, symbol: string, body: Setting) =>
  data(putSettings({ path: { wallet, symbol }, body, ...thrown }));

export const removeSettings = (wallet: string, symbol: string) =>
  data(deleteSettings({ path: { wallet, symbol }, ...thrown }));
