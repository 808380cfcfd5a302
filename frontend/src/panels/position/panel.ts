import type { PanelDefinition } from "@/lib/panel";
import { Positions } from "./positions";

export const panel: PanelDefinition = {
  page: "trading",
  place: "right",
  order: 10,
  title: "Positions",
  Component: Positions,
};
