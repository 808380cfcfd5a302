import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "History",
  order: 70,
  title: "History",
  Component: lazy(() => import("./history").then(({ History }) => ({ default: History }))),
};
