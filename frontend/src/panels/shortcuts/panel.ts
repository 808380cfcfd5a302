import type { PanelDefinition } from "@/lib/panel";
import { Gate } from "./gate";

export const panel: PanelDefinition = {
  page: "overlay",
  place: "everywhere",
  order: 30,
  title: "Keyboard shortcuts",
  Component: Gate,
};
