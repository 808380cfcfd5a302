import { Pause, Play } from "lucide-react";
import { usePause } from "@/api/pause";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";

/** No new entries while paused; exits go on. */
export function PauseSwitch() {
  const { isKnown, paused, reason, isChanging, change } = usePause(useWallet());
  const why = reason ? ` (${inWords(reason)})` : "";
  const Icon = paused ? Play : Pause;
  return (
    <Button
      size="small"
      busy={isChanging}
      disabled={!isKnown}
      title={paused ? `Paused${why}: no new entries` : "Stop new entries; exits go on"}
      onClick={() => change(!paused)}
      className={paused ? "border-warn text-warn" : undefined}
    >
      <Icon size={14} aria-hidden="true" />
      <span className="sr-only sm:not-sr-only md:sr-only lg:not-sr-only">
        {paused ? "Resume" : "Pause"}
      </span>
    </Button>
  );
}
