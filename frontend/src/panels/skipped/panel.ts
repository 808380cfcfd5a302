import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Breakdown",
  order: 65,
  title: "What filters saved or cost",
  Component: lazy(() => import("./skipped").then((it) => ({ default: it.Skipped }))),
};
