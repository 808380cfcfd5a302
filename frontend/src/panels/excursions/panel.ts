import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "profile",
  place: "Breakdown",
  order: 60,
  title: "Best and worst on the way",
  Component: lazy(() => import("./excursions").then((it) => ({ default: it.Excursions }))),
};
