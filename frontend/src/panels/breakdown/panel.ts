import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Breakdown",
  order: 50,
  title: "Breakdown",
  Component: lazy(() => import("./breakdown").then((it) => ({ default: it.Breakdown }))),
};
