import { useEffect, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { live, useLive } from "@/api/live";
import { moves, type Order, ordered } from "./order";

const AGAIN = 2_000;

/**
 * The open trades in an order. Prices change the order of some, but only now and then, and never
 * while somebody points at the list: what is about to be pressed must not slip away.
 */
export function useOrder(order: Order) {
  const open = useLive(useShallow(({ positions }) => Object.keys(positions)));
  const isHeldStill = useRef(false);
  const [, again] = useState(0);
  const trades = useRef<number[]>([]);
  const about = useRef<unknown>(null);
  useEffect(() => {
    if (!moves(order)) return;
    const timer = setInterval(() => {
      if (isHeldStill.current) return;
      about.current = null;
      again((count) => count + 1);
    }, AGAIN);
    return () => clearInterval(timer);
  }, [order]);
  const wanted = `${order} ${open.join()}`;
  if (about.current !== wanted) {
    about.current = wanted;
    trades.current = ordered(live.getState().positions, order);
  }
  const hold = (isHeld: boolean) => {
    isHeldStill.current = isHeld;
  };
  return { trades: trades.current, hold };
}
