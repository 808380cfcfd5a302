import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Per token",
  order: 40,
  title: "Per token",
  Component: lazy(() => import("./per-token").then(({ PerToken }) => ({ default: PerToken }))),
};
