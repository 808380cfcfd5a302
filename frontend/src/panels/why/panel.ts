import type { PanelDefinition } from "@/lib/panel";
import { Why } from "./why";

export const panel: PanelDefinition = {
  page: "trading",
  place: "right",
  order: 20,
  title: "Why",
  Component: Why,
};
