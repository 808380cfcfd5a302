import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "login",
  place: "aside",
  order: 10,
  title: "What you will see",
  Component: lazy(() => import("./first-look").then(({ FirstLook }) => ({ default: FirstLook }))),
};
