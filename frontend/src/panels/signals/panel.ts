import type { PanelDefinition } from "@/lib/panel";
import { Signals } from "./signals";

export const panel: PanelDefinition = {
  page: "trading",
  place: "left",
  order: 10,
  title: "Signals",
  Component: Signals,
};
