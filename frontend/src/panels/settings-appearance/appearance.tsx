import { Monitor, Moon, Sun } from "lucide-react";
import { chooseTheme, type Theme, useShownTheme, useTheme } from "@/lib/theme";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";

const choices: { theme: Theme; title: string; Icon: typeof Sun }[] = [
  { theme: "system", title: "System", Icon: Monitor },
  { theme: "dark", title: "Dark", Icon: Moon },
  { theme: "light", title: "Light", Icon: Sun },
];

/** Dark, light, or as the system says. */
export function Appearance() {
  const theme = useTheme();
  const shown = useShownTheme();
  return (
    <Card title="Appearance" className="flex flex-col gap-2 p-3">
      <fieldset className="grid grid-cols-3 gap-2">
        <legend className="mb-2 text-muted">Theme of this browser</legend>
        {choices.map((choice) => (
          <button
            key={choice.theme}
            type="button"
            aria-pressed={choice.theme === theme}
            onClick={() => chooseTheme(choice.theme)}
            className={classes(
              "flex flex-col items-center gap-1.5 rounded-md border px-2 py-3",
              choice.theme === theme
                ? "border-accent bg-accent-soft font-medium text-accent"
                : "border-line text-muted hover:bg-hover hover:text-text",
            )}
          >
            <choice.Icon size={18} aria-hidden="true" />
            {choice.title}
          </button>
        ))}
      </fieldset>
      {theme === "system" && <p className="text-faint text-sm">The system wants it {shown} now.</p>}
    </Card>
  );
}
