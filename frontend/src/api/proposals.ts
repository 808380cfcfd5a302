/** Settings that are about to be written: tried on the platform first, then confirmed by hand. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ANY_SYMBOL, removeSettings, trySettings, writeSettings } from "./settings";
import type { Preview, Setting } from "./wire";

export interface Proposal {
  symbol: string;
  /** Null: the symbol's settings are to be removed. */
  setting: Setting | null;
  /** The question above the differences. */
  title: string;
  /** On the button that does it. */
  verb: string;
}

interface Options {
  wallet: string;
  /** What counts for every token, which a symbol without settings follows. */
  everywhere: Setting | null;
  onSaved: (proposal: Proposal) => void;
  /** The platform refused to try it. */
  onRefused: (error: Error) => void;
}

/** A proposal under way: `ask` tries it, then the differences are shown, then `save` writes it. */
export function useProposal({ wallet, everywhere, onSaved, onRefused }: Options) {
  const client = useQueryClient();
  const tried = useMutation({
    mutationFn: async (proposal: Proposal): Promise<Preview> => {
      const { symbol, setting } = proposal;
      const after = setting ?? (symbol === ANY_SYMBOL ? {} : (everywhere ?? {}));
      return await trySettings(wallet, symbol, after);
    },
    onError: onRefused,
  });
  const saved = useMutation({
    mutationFn: async ({ symbol, setting }: Proposal) => {
      if (setting === null) await removeSettings(wallet, symbol);
      else await writeSettings(wallet, symbol, setting);
    },
    onSuccess: async (_, proposal) => {
      await client.invalidateQueries({ queryKey: ["settings", wallet] });
      tried.reset();
      onSaved(proposal);
    },
  });
  const proposal = tried.data ? (tried.variables ?? null) : null;
  return {
    proposal,
    preview: tried.data ?? null,
    isAsking: tried.isPending,
    isSaving: saved.isPending,
    error: saved.error,
    ask: (wanted: Proposal) => {
      saved.reset();
      tried.mutate(wanted);
    },
    save: () => proposal && saved.mutate(proposal),
    cancel: () => {
      tried.reset();
      saved.reset();
    },
  };
}
