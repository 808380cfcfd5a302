/** Requests about shadows: other settings on the same market, without money. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import {
  adoptShadow as askToAdopt,
  createShadow as askToBegin,
  changeShadow as askToChange,
  retireShadow as askToRetire,
  compareShadows,
  getShadow,
  listShadows,
} from "./generated/sdk.gen";
import type { ShadowChangeIn, ShadowIn } from "./generated/types.gen";
import { data, type Resolution, signedIn } from "./queries";

export const MOST_SHADOWS = 20;
const REFRESH = 10_000;
const SLOW_REFRESH = 30_000;

export const shadowsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["shadows", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(listShadows({ path: { wallet }, signal, ...thrown })),
    refetchInterval: REFRESH,
  });

export const comparisonQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["shadows", wallet, "compare"],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(compareShadows({ path: { wallet }, signal, ...thrown })),
    refetchInterval: SLOW_REFRESH,
  });

export const shadowQuery = (wallet: string, number: number, resolution: Resolution) =>
  queryOptions({
    queryKey: ["shadows", wallet, number, resolution],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(getShadow({ path: { wallet, number }, query: { resolution }, signal, ...thrown })),
    refetchInterval: SLOW_REFRESH,
  });

export const beginShadow = (wallet: string, body: ShadowIn) =>
  data(askToBegin({ path: { wallet }, body, ...thrown }));

export const changeShadow = (wallet: string, number: number, body: ShadowChangeIn) =>
  data(askToChange({ path: { wallet, number }, body, ...thrown }));

export const retireShadow = (wallet: string, number: number) =>
  data(askToRetire({ path: { wallet, number }, ...thrown }));

export const adoptShadow = (wallet: string, number: number, replace: boolean) =>
  data(askToAdopt({ path: { wallet, number }, body: { replace }, ...thrown }));
