import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "settings",
  place: "sections",
  order: 45,
  title: "Send me messages",
  Component: lazy(() => import("./messages").then(({ Messages }) => ({ default: Messages }))),
};
