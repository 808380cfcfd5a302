import type { PanelDefinition } from "@/lib/panel";
import { Gate } from "./gate";

export const panel: PanelDefinition = {
  page: "overlay",
  place: "everywhere",
  order: 90,
  title: "Notifications",
  Component: Gate,
};
