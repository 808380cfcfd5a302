import type { PanelDefinition } from "@/lib/panel";
import { Login } from "./login";

export const panel: PanelDefinition = {
  page: "login",
  place: "choices",
  order: 10,
  title: "Sign in",
  Component: Login,
};
