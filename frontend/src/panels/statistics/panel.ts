import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Overview",
  order: 30,
  title: "Statistics",
  Component: lazy(() => import("./statistics").then((it) => ({ default: it.Statistics }))),
};
