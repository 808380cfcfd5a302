import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 40,
  title: "Sessions",
  Component: lazy(() => import("./sessions").then((it) => ({ default: it.Sessions }))),
};
