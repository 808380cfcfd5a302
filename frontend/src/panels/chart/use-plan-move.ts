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
      tried.reset();
      onSaved(also);
      await client.invalidateQueries({ queryKey: ["settings", wallet] });
    },
    // Also after a failure: the trade may have changed, and the settings not.
    onSettled: async () => await client.invalidateQueries({ queryKey: ["trades", wallet] }),
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
