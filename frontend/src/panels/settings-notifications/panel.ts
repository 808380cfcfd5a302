import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 30,
  title: "Notifications",
  Component: lazy(() => import("./notifications").then((it) => ({ default: it.Notifications }))),
};
