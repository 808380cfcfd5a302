import { Plus } from "lucide-react";
import { ANY_SYMBOL } from "@/api/settings";
import type { SettingState } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { own } from "@/lib/own";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { AddSymbol } from "./add-symbol";

export function nameOfSymbol(symbol: string): string {
  return symbol === ANY_SYMBOL ? "Every token" : shortAddress(cleanText(symbol, 64));
}

interface SymbolsProps {
  settings: Record<string, SettingState>;
  shown: string;
  onShow: (symbol: string) => void;
}

/** What has settings: every token first, then each symbol of its own. */
export function Symbols({ settings, shown, onShow }: SymbolsProps) {
  const named = Object.keys(settings).filter((it) => it !== ANY_SYMBOL);
  const isNew = shown !== ANY_SYMBOL && !named.includes(shown);
  const symbols = [ANY_SYMBOL, ...(isNew ? [shown] : []), ...named];
  return (
    <Card title="Settings for">
      <ul className="flex flex-col">
        {symbols.map((symbol) => {
          const state = own(settings, symbol);
          const names = state?.effective.entries.map((entry) => inWords(entry.strategy)) ?? [];
          return (
            <li key={symbol}>
              <button
                type="button"
                aria-current={symbol === shown ? "true" : undefined}
                onClick={() => onShow(symbol)}
                className={classes(
                  "flex w-full items-start justify-between gap-2 border-l-2 px-3 py-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]",
                  symbol === shown ? "border-accent bg-accent-soft" : "border-transparent",
                )}
              >
                <span className="min-w-0">
                  <span className="block truncate font-semibold" title={symbol}>
                    {nameOfSymbol(symbol)}
                  </span>
                  <span className="block truncate text-muted text-sm">
                    {state ? names.join(", ") : "not saved yet"}
                  </span>
                </span>
                {!state && <Badge tone="accent">new</Badge>}
                {state && state.settings === null && <Badge>default</Badge>}
              </button>
            </li>
          );
        })}
      </ul>
      <div className="border-line border-t p-3">
        <AddSymbol onAdd={onShow} />
        <p className="mt-2 flex gap-1.5 text-faint text-sm">
          <Plus size={12} aria-hidden="true" className="mt-1 shrink-0" />A token with settings of
          its own follows those, all others follow “Every token”.
        </p>
      </div>
    </Card>
  );
}
