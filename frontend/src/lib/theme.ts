import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** Dark, light, or as the system says. `data-theme` on the root decides which tokens count. */
export type Theme = "system" | "dark" | "light";

const KEY = "theme";
const prefersLight = matchMedia("(prefers-color-scheme: light)");

function stored(): Theme {
  const text = localStorage.getItem(KEY);
  return text === "dark" || text === "light" ? text : "system";
}

function resolve(theme: Theme): "dark" | "light" {
  if (theme !== "system") return theme;
  return prefersLight.matches ? "light" : "dark";
}

export const themes = createStore(() => ({ theme: stored(), shown: resolve(stored()) }));

function show(theme: Theme) {
  const shown = resolve(theme);
  document.documentElement.dataset.theme = shown;
  themes.setState({ theme, shown });
}

export function chooseTheme(theme: Theme) {
  localStorage.setItem(KEY, theme);
  show(theme);
}

/** Puts the theme on the page and follows the system. Call once, before anything is drawn. */
export function startTheme() {
  show(stored());
  prefersLight.addEventListener("change", () => show(themes.getState().theme));
}

export function useTheme(): Theme {
  return useStore(themes, (state) => state.theme);
}

export function useShownTheme(): "dark" | "light" {
  return useStore(themes, (state) => state.shown);
}
