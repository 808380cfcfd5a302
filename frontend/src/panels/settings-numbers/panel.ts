import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 20,
  title: "Numbers and times",
  Component: lazy(() => import("./numbers").then((it) => ({ default: it.Numbers }))),
};
