import { lazy } from "react";
import type { PanelDefinition } from "@/lib/panel";

export const panel: PanelDefinition = {
  page: "login",
  place: "choices",
  order: 10,
  title: "Sign in",
  Component: lazy(() => import("./login").then(({ Login }) => ({ default: Login }))),
};
