import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Overview",
  order: 20,
  title: "P&L calendar",
  Component: lazy(() => import("./calendar").then((it) => ({ default: it.Calendar }))),
};
