/** Where messages go outside the dashboard, and what became of them. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import {
  addTarget,
  changeTarget,
  listDeliveries,
  listTargets,
  removeTarget,
  testTarget,
} from "./generated/sdk.gen";
import type {
  DeliveryOut,
  TargetChangeIn,
  TargetIn,
  TargetOut,
  TargetsOut,
} from "./generated/types.gen";
import { data, signedIn } from "./queries";

export type Target = TargetOut;
export type Targets = TargetsOut;
export type NewTarget = TargetIn;
export type TargetChange = TargetChangeIn;
export type Delivery = DeliveryOut;
export type NoticeKind = TargetOut["kinds"][number];

const REFRESH = 15_000;
const SHOWN = 20;

export const targetsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["notifications", wallet, "targets"],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(listTargets({ path: { wallet }, signal, ...thrown })),
  });

export const deliveriesQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["notifications", wallet, "log"],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(listDeliveries({ path: { wallet }, query: { limit: SHOWN }, signal, ...thrown })),
    refetchInterval: REFRESH,
  });

export const add = (wallet: string, body: NewTarget) =>
  data(addTarget({ path: { wallet }, body, ...thrown }));

export const change = (wallet: string, number: number, body: TargetChange) =>
  data(changeTarget({ path: { wallet, number }, body, ...thrown }));

export const remove = (wallet: string, number: number) =>
  data(removeTarget({ path: { wallet, number }, ...thrown }));

export const sendTest = (wallet: string, number: number) =>
  data(testTarget({ path: { wallet, number }, ...thrown }));
