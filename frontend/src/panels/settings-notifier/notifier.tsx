import { useEffect, useRef } from "react";
import { useDrawers } from "@/lib/drawers";
import { type Note, NotShown, show } from "@/lib/notifications";
import { useWallet } from "@/lib/session";
import { lead } from "./leader";
import { watch } from "./watch";

/** Tells what happens while a tab is open: the one tab that leads, and no other. */
export function Notifier() {
  const wallet = useWallet();
  const { openTrade } = useDrawers();
  const open = useRef(openTrade);
  open.current = openTrade;
  useEffect(() => {
    if (wallet === "") return;
    const onOpen = ({ trade }: Note) => trade !== null && open.current(trade);
    const tell = (note: Note) => {
      show(note, onOpen).catch((error: unknown) => {
        // Muted by the system: what happened stands on the page all the same.
        if (!(error instanceof NotShown)) throw error;
      });
    };
    let isLeader = false;
    // Also who does not lead follows what was told, so that it tells nothing twice later.
    const stop = watch((note) => isLeader && tell(note));
    const leave = lead(`notifications of ${wallet}`, () => {
      isLeader = true;
    });
    return () => {
      leave();
      stop();
    };
  }, [wallet]);
  return null;
}
