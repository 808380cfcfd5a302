import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "trading",
  place: "centre",
  order: 10,
  title: "Chart",
  Component: lazy(() => import("./chart").then(({ Chart }) => ({ default: Chart }))),
};
