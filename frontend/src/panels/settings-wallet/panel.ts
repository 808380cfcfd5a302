import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 50,
  title: "Wallet",
  Component: lazy(() => import("./wallet").then((it) => ({ default: it.Wallet }))),
};
