import type { PanelDefinition } from "@/lib/panel";
import { Feed } from "./feed";

export const panel: PanelDefinition = {
  page: "trading",
  place: "centre",
  order: 20,
  title: "Transactions",
  Component: Feed,
};
