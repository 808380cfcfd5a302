import type { PanelDefinition } from "@/lib/panel";
import { Gate } from "./gate";

export const panel: PanelDefinition = {
  page: "overlay",
  place: "everywhere",
  order: 20,
  title: "Search",
  Component: Gate,
};
