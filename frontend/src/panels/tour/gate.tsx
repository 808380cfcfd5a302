import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useLive } from "@/api/live";
import { walletQuery } from "@/api/queries";
import { useWallet } from "@/lib/session";
import { parseTime } from "@/lib/time";
import { endTour, goToStep, hasSeenTour, startTour, useTour } from "@/lib/tour";

const TourCard = lazy(() => import("./tour-card").then((module) => ({ default: module.TourCard })));

const PLACE = "/";
/** Who comes back after longer than that, perhaps in another browser, knows the way. */
const NEW_FOR = 3_600_000;

/** Starts the tour by itself, once, for a wallet that was just made. */
function useFirstStart(isHere: boolean) {
  const wallet = useWallet();
  const { data } = useQuery(walletQuery(wallet));
  const createdAt = data?.created_at;
  useEffect(() => {
    if (!isHere || createdAt === undefined || hasSeenTour(wallet)) return;
    if (Date.now() - parseTime(createdAt) < NEW_FOR) startTour(wallet, false);
  }, [isHere, createdAt, wallet]);
  // Whoever signs in next begins anew.
  useEffect(() => () => endTour(), []);
}

/** Loads the tour when it runs. Away from the trading page it waits for the person to come back. */
export function Gate() {
  const isHere = useLocation({ select: ({ pathname }) => pathname === PLACE });
  const navigate = useNavigate();
  const { step, comesBack, isWanted } = useTour();
  const isHeld = useLive(({ positions }) => Object.keys(positions).length > 0);
  useFirstStart(isHere);
  useEffect(() => {
    if (step === "signals" && isWanted) navigate({ to: PLACE });
  }, [step, isWanted, navigate]);
  useEffect(() => {
    if (comesBack && isHeld && isHere) goToStep("position", false);
  }, [comesBack, isHeld, isHere]);
  return <Suspense fallback={null}>{step !== null && isHere && <TourCard step={step} />}</Suspense>;
}
