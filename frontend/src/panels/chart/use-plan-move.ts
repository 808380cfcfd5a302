/** A line that was dropped: tried on the platform, then written to the trade, and perhaps to settings. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type PlanPreview, tryPlan, writePlan } from "@/api/plans";
import { writeSettings } from "@/api/settings";
import type { Setting } from "@/api/wire";
import type { Plan } from "@/lib/settings/plan";

export interface PlanMove {
  trade: number;
  exit: Plan;
  /** The token's settings with the same change, where they have such a line. */
  settings: { symbol: string; setting: Setting } | null;
}

interface Options {
  wallet: string;
  onRefused: (error: Error) => void;
  onSaved: (alsoSettings: boolean) => void;
}

interface Saved {
  move: PlanMove;
  also: boolean;
}

export function usePlanMove({ wallet, onRefused, onSaved }: Options) {
  const client = useQueryClient();
  const trades = ["trades", wallet];
  const tried = useMutation({
    mutationFn: async ({ trade, exit }: PlanMove): Promise<PlanPreview> =>
      await tryPlan({ wallet, trade, exit }),
    onError: onRefused,
  });
  const saved = useMutation({
    mutationFn: async ({ move, also }: Saved) => {
      const { trade, exit, settings } = move;
      await writePlan({ wallet, trade, exit });
      if (also && settings) await writeSettings(wallet, settings.symbol, settings.setting);
    },
    onSuccess: async (_, { also }) => {
      // The line stays where it was dropped until the trade's new plan is here: it must not jump.
      await client.invalidateQueries({ queryKey: trades });
      tried.reset();
      onSaved(also);
      await client.invalidateQueries({ queryKey: ["settings", wallet] });
    },
    // The trade may have changed all the same, and the settings not.
    onError: async () => await client.invalidateQueries({ queryKey: trades }),
  });
  const move = tried.data ? (tried.variables ?? null) : null;
  return {
    move,
    preview: tried.data ?? null,
    isSaving: saved.isPending,
    error: saved.error,
    ask: (wanted: PlanMove) => {
      saved.reset();
      tried.mutate(wanted);
    },
    save: (also: boolean) => move && saved.mutate({ move, also }),
    cancel: () => {
      tried.reset();
      saved.reset();
    },
  };
}
