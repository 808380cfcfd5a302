import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 90,
  title: "Danger zone",
  Component: lazy(() => import("./danger-zone").then((it) => ({ default: it.DangerZone }))),
};
