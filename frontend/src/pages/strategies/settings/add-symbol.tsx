import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { tokensQuery } from "@/api/settings";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";

const LONGEST = 64;

/** What is wrong with a name or mint; undefined when nothing is. */
export function symbolFault(text: string): string | undefined {
  if (text === "") return "Type a symbol or a mint";
  if (text.length > LONGEST) return `At most ${LONGEST} characters`;
  if (/[\s/]/.test(text)) return "Must have no space and no slash";
  return undefined;
}

/** Opens the settings of a token by its name or its mint; nothing is written before they are saved. */
export function AddSymbol({ onAdd }: { onAdd: (symbol: string) => void }) {
  const [text, setText] = useState("");
  const [isAsked, setAsked] = useState(false);
  const tokens = useQuery(tokensQuery);
  const list = useId();
  const fault = symbolFault(text.trim());
  const add = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (fault !== undefined) return;
    onAdd(text.trim());
    setText("");
    setAsked(false);
  };
  const known = [...new Set(tokens.data?.items.flatMap(({ symbol }) => symbol ?? []))];
  return (
    <form onSubmit={add} className="flex items-start gap-2" noValidate>
      <div className="min-w-0 flex-1">
        <TextField
          label="Add a token"
          placeholder="Symbol or mint"
          list={list}
          autoComplete="off"
          spellCheck={false}
          value={text}
          fault={isAsked ? fault : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <datalist id={list}>
          {known.map((symbol) => (
            <option key={symbol} value={cleanText(symbol, LONGEST)} />
          ))}
        </datalist>
      </div>
      <Button type="submit" className="mt-[1.4rem]">
        Add
      </Button>
    </form>
  );
}
