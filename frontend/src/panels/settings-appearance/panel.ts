import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 10,
  title: "Appearance",
  Component: lazy(() => import("./appearance").then((it) => ({ default: it.Appearance }))),
};
