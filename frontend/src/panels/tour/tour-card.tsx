import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useLive } from "@/api/live";
import { positionIn, useShown } from "@/api/shown";
import { shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { endTour, goToStep, stepAfter, type TourStep, tourSteps, useTour } from "@/lib/tour";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import { usePlace } from "./use-place";
import { wordsOf } from "./words";

/** The token that is held and shown; null while nothing is. */
function useHeldSymbol(): string | null {
  const { token, trade } = useShown();
  const isHeld = useLive(
    ({ positions }) => token !== null && positionIn(positions, token.address, trade) !== undefined,
  );
  return token !== null && isHeld
    ? cleanText(token.symbol ?? shortAddress(token.address), 24)
    : null;
}

/** Takes the focus when a person asked for the tour or nothing else has it, and gives it back. */
function useFocus(isWanted: boolean) {
  const next = useRef<HTMLButtonElement>(null);
  const wanted = useRef(isWanted);
  useEffect(() => {
    const before = document.activeElement;
    const isFree = before === null || before === document.body;
    if (wanted.current || isFree) next.current?.focus({ preventScroll: true });
    return () => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (!isLost) return;
      const back = before instanceof HTMLElement && before.isConnected && !isFree;
      (back ? before : document.getElementById("content"))?.focus({ preventScroll: true });
    };
  }, []);
  return next;
}

function Dots({ step }: { step: TourStep }) {
  return (
    <span className="mr-auto flex items-center gap-1.5">
      <span className="sr-only">
        Step {tourSteps.indexOf(step) + 1} of {tourSteps.length}
      </span>
      {tourSteps.map((it) => (
        <span
          key={it}
          aria-hidden="true"
          className={classes(
            "h-1.5 rounded-full",
            it === step ? "w-4 bg-accent" : "w-1.5 bg-line-strong",
          )}
        />
      ))}
    </span>
  );
}

/** One step of the tour: a ring around the panel it speaks of, and a card beside it. Nothing waits
 * for it; the page can be used as ever. */
export function TourCard({ step }: { step: TourStep }) {
  const { isWanted } = useTour();
  const symbol = useHeldSymbol();
  const { title, text } = wordsOf(step, symbol);
  const ring = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLElement>(null);
  const next = useFocus(isWanted);
  const id = useId();
  usePlace(step, ring, card);
  const [back, forth] = [stepAfter(step, -1), stepAfter(step, 1)];
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    endTour();
  };
  return (
    <>
      <div
        ref={ring}
        aria-hidden="true"
        className="pointer-events-none fixed top-0 left-0 z-30 rounded-lg outline-2 outline-accent outline-solid ring-8 ring-accent/20"
      />
      <section
        ref={card}
        aria-label="Tour"
        onKeyDown={leave}
        className="fixed top-0 left-0 z-40 flex w-[calc(100vw-1rem)] flex-col gap-3 rounded-lg border border-accent bg-surface p-4 shadow-raised md:w-80"
      >
        <div aria-live="polite" id={id}>
          <h2 className="font-semibold text-lg">{title}</h2>
          <p className="mt-1 text-muted">{text}</p>
          {forth === null && (
            <p className="mt-2 text-faint text-sm">
              Press ? for all keys, / to search. The tour is there, too.
            </p>
          )}
        </div>
        <div className="flex items-center gap-2">
          <Dots step={step} />
          <Button size="small" look="quiet" aria-label="Skip the tour" onClick={() => endTour()}>
            Skip
          </Button>
          {back !== null && (
            <Button size="small" onClick={() => goToStep(back)}>
              Back
            </Button>
          )}
          <Button
            ref={next}
            size="small"
            look="primary"
            aria-describedby={id}
            onClick={() => (forth === null ? endTour(symbol === null) : goToStep(forth))}
          >
            {forth === null ? "Done" : "Next"}
          </Button>
        </div>
      </section>
    </>
  );
}
