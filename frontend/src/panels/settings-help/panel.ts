import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 50,
  title: "Help and keyboard",
  Component: lazy(() => import("./help").then((it) => ({ default: it.Help }))),
};
