import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { live } from "@/api/live";
import { tokensQuery } from "@/api/settings";
import { positionIn } from "@/api/shown";
import { formatPrice, shortAddress } from "@/lib/format";
import { followNewestTrade, select } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Popup } from "@/ui/popup";
import { Skeleton } from "@/ui/skeleton";
import { type Choice, choicesOf } from "./choices";

function choose({ token }: Choice) {
  if (token === null) followNewestTrade();
  else
    select({ token, trade: positionIn(live.getState().positions, token.address, null)?.trade_id });
}

const nameOf = ({ token }: Choice) =>
  token === null ? "Newest trade" : cleanText(token.symbol ?? shortAddress(token.address), 32);

function Options({ id, onDone }: { id: string; onDone: () => void }) {
  const query = useQuery(tokensQuery);
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const choices = choicesOf(query.data?.items ?? [], typed);
  const at = Math.min(marked, choices.length - 1);
  const done = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    choose(choice);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") done(choices[at]);
    else if (move !== undefined && choices.length > 0) {
      const next = (at + move + choices.length) % choices.length;
      setMarked(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="Find a token"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        autoComplete="off"
        placeholder="Symbol or address"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setMarked(0);
        }}
        onKeyDown={onKeyDown}
        className="h-9 w-full border-line border-b bg-transparent px-3 text-base outline-none placeholder:text-faint"
      />
      {query.isPending && <Skeleton label="Tokens load" rows={4} />}
      {query.isError && !query.data && (
        <Failure
          title="The tokens could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.isSuccess && choices.length === 0 && (
        <Empty title="No such token">The platform learns of tokens by their signals.</Empty>
      )}
      <div id={id} role="listbox" aria-label="Tokens" className="max-h-72 overflow-y-auto p-1">
        {choices.map((choice, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keyboard
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={choice.token?.address ?? "newest"}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === at}
            onClick={() => done(choice)}
            onPointerMove={() => setMarked(place)}
            className={classes(
              "flex min-h-8 cursor-pointer items-center justify-between gap-3 rounded-md px-2",
              place === at && "bg-hover",
            )}
          >
            <span className="min-w-0 truncate font-medium">{nameOf(choice)}</span>
            <span className="num text-faint text-sm">
              {choice.token === null
                ? "or the market index"
                : [choice.price && formatPrice(choice.price), choice.live ? "live" : "quiet"]
                    .filter(Boolean)
                    .join(" · ")}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}

/** The chart's title, and which token it is about. */
export function TokenPicker({ name }: { name: string }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button
        ref={button}
        type="button"
        title="Show another token"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex h-7 max-w-full items-center gap-1 rounded-md px-1.5 hover:bg-hover aria-expanded:bg-hover"
      >
        <span className="min-w-0 truncate">{name}</span>
        <ChevronDown size={14} aria-hidden="true" className="shrink-0 text-faint" />
      </button>
      {isOpen && (
        <Popup
          anchor={button}
          side="bottom"
          align="start"
          dialog="Show another token"
          onClose={() => setOpen(false)}
          className="w-72 font-normal"
        >
          <Options
            id={id}
            onDone={() => {
              button.current?.focus();
              setOpen(false);
            }}
          />
        </Popup>
      )}
    </>
  );
}
