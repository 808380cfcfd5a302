import { Monitor, Moon, Sun } from "lucide-react";
import { chooseTheme, type Theme, useTheme } from "@/lib/theme";
import { IconButton } from "@/ui/button";

const after: Record<Theme, Theme> = { system: "dark", dark: "light", light: "system" };
const icons = { system: Monitor, dark: Moon, light: Sun };
const names: Record<Theme, string> = { system: "as the system", dark: "dark", light: "light" };

export function ThemeToggle() {
  const theme = useTheme();
  const Icon = icons[theme];
  const label = `Theme: ${names[theme]}. Change to ${names[after[theme]]}`;
  return (
    <IconButton label={label} onClick={() => chooseTheme(after[theme])}>
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  );
}
