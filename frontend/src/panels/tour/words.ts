/** What each step of the tour says. */
import type { TourStep } from "@/lib/tour";

export interface Words {
  title: string;
  text: string;
}

/** The panel that a step points at, by its title. */
export const targets: Record<TourStep, string> = {
  signals: "Signals",
  chart: "Chart",
  position: "Positions",
  why: "Why",
};

const before: Record<TourStep, Words> = {
  signals: {
    title: "Signals come in here",
    text: "A token appears when several tracked wallets buy it at once, most within half a minute. The list shows how far each came and, where it failed, the reason.",
  },
  chart: {
    title: "The chart follows your trades",
    text: "Until the first trade it shows the market as a whole. Choose any token to see it here; entry, stop and targets are lines that move.",
  },
  position: {
    title: "Your first trade will open here",
    text: "Usually within a minute: a strategy has to confirm a signal first. It opens with a stop and targets, and you can sell any part of it by hand.",
  },
  why: {
    title: "Every step is explained",
    text: "Once something is bought or refused, each step stands here with the value that was seen beside its limit. Choose a signal to see why it failed.",
  },
};

const after = (symbol: string): Partial<Record<TourStep, Words>> => ({
  chart: {
    title: "The chart follows your trades",
    text: `It shows ${symbol}, which you hold: entry, stop and targets are lines that move with the trade. Choose any other token to see it here.`,
  },
  position: {
    title: `You hold ${symbol}`,
    text: "What it cost, what it is worth, and how far the price is from the stop and the next target. Sell a quarter, half or all of it here; you are asked first.",
  },
  why: {
    title: `Why ${symbol} was bought`,
    text: "Each step with the value that was seen beside its limit. Signals that failed are explained the same way: choose one in the list.",
  },
});

/** `symbol` is the token that is held and shown; null while nothing is. */
export function wordsOf(step: TourStep, symbol: string | null): Words {
  return (symbol === null ? undefined : after(symbol)[step]) ?? before[step];
}
