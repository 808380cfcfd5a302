import type { ComponentType } from "react";

/**
 * One part of a page. A folder below panels/ with a `panel.ts` that exports `panel` is enough:
 * the pages find it by its file name.
 */
export type PanelDefinition = {
  /** Below its neighbours of the same place with a smaller number. */
  order: number;
  /** Names the panel where it fails and, on the profile, its tab. */
  title: string;
  Component: ComponentType;
} & (
  | { page: "login"; place: "choices" | "aside" }
  | { page: "trading"; place: "strip" | "left" | "centre" | "right" }
  | { page: "profile"; place: string }
  | { page: "settings"; place: "sections" }
  | { page: "status"; place: "sections" }
  | { page: "overlay"; place: "everywhere" }
);
