import { useNavigate } from "@tanstack/react-router";
import {
  Compass,
  Copy,
  Download,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Pause,
  Play,
  Sun,
  TrendingDown,
} from "lucide-react";
import { useMemo } from "react";
import { type ExportKind, type ExportName, exportAddress } from "@/api/exports";
import { useSignOut } from "@/api/leaving";
import { live } from "@/api/live";
import { usePause } from "@/api/pause";
import { copyText } from "@/lib/clipboard";
import { askToClose } from "@/lib/closing";
import { shortAddress } from "@/lib/format";
import { select } from "@/lib/selection";
import { useWallet } from "@/lib/session";
import { openOverlay } from "@/lib/shortcuts";
import { cleanText } from "@/lib/text";
import { chooseTheme, type Theme, useTheme } from "@/lib/theme";
import { startTour } from "@/lib/tour";
import { Keys } from "@/ui/keys";
import { notify } from "@/ui/toast";
import type { Entry } from "./rank";

const themes: { theme: Theme; title: string; words: string; Icon: Entry["Icon"] }[] = [
  { theme: "dark", title: "Theme: dark", words: "night colours", Icon: Moon },
  { theme: "light", title: "Theme: light", words: "day colours", Icon: Sun },
  { theme: "system", title: "Theme: as the system", words: "colours", Icon: Monitor },
];

function useThemes(): Entry[] {
  const now = useTheme();
  return themes
    .filter(({ theme }) => theme !== now)
    .map(({ theme, title, words, Icon }) => ({
      id: title,
      group: "Actions",
      title,
      words,
      Icon,
      run: () => chooseTheme(theme),
    }));
}

/** Leads to the question; nothing is sold from here. */
function useClosing(): Entry[] {
  const navigate = useNavigate();
  return useMemo(
    () =>
      Object.values(live.getState().positions).map(({ token, trade_id: trade }) => {
        const symbol = cleanText(token.symbol ?? shortAddress(token.address), 24);
        return {
          id: `close ${trade}`,
          group: "Actions",
          title: `Close ${symbol}…`,
          words: `sell position #${trade}`,
          Icon: TrendingDown,
          run: () => {
            select({ token, trade });
            navigate({ to: "/" });
            askToClose({ trade, portion: 1 });
          },
        };
      }),
    [navigate],
  );
}

const files: [ExportName, ExportKind][] = [
  ["trades", "csv"],
  ["trades", "parquet"],
  ["fills", "csv"],
  ["fills", "parquet"],
];

function exports(wallet: string): Entry[] {
  return files.map(([name, kind]) => ({
    id: `${name}.${kind}`,
    group: "Actions",
    title: `Export ${name}.${kind}`,
    words: "download save file history",
    Icon: Download,
    run: () => {
      const link = document.createElement("a");
      link.href = exportAddress(wallet, name, kind);
      link.download = `${name}.${kind}`;
      link.click();
    },
  }));
}

async function copy(wallet: string) {
  const isCopied = await copyText(wallet);
  if (isCopied) notify("The wallet's address is copied.");
  else notify("The browser did not let the address be copied.", { failed: true });
}

/** What can be done from anywhere. */
export function useActions(): Entry[] {
  const wallet = useWallet();
  const { isKnown, paused, change } = usePause(wallet);
  const signOut = useSignOut();
  const action = (
    title: string,
    words: string,
    Icon: Entry["Icon"],
    run: () => void,
    detail?: Entry["detail"],
  ): Entry => ({ id: title, group: "Actions", title, words, Icon, run, detail });
  const pause = paused
    ? action("Resume trading", "start entries pause", Play, () => change(false))
    : action("Pause trading", "stop no new entries", Pause, () => change(true));
  return [
    ...(isKnown ? [pause] : []),
    action("Start the tour", "help guide", Compass, () => startTour(wallet)),
    action(
      "Keyboard shortcuts",
      "keys help",
      Keyboard,
      () => openOverlay("list"),
      <Keys keys={["?"]} />,
    ),
    ...useThemes(),
    action("Copy the wallet's address", "clipboard", Copy, () => copy(wallet)),
    ...exports(wallet),
    ...useClosing(),
    action("Sign out", "leave log out", LogOut, signOut),
  ];
}
