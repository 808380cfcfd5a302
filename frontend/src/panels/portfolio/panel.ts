import type { PanelDefinition } from "@/lib/panel";
import { PortfolioStrip } from "./portfolio-strip";

export const panel: PanelDefinition = {
  page: "trading",
  place: "strip",
  order: 10,
  title: "Portfolio",
  Component: PortfolioStrip,
};
