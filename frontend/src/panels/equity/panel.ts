import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Overview",
  order: 10,
  title: "Equity",
  Component: lazy(() => import("./equity").then(({ Equity }) => ({ default: Equity }))),
};
