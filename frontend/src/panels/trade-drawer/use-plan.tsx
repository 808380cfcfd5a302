import { useState } from "react";
import { effectiveFor, useWishes, type Wishes, writtenFor } from "@/api/ground";
import { useProposal } from "@/api/proposals";
import { ANY_SYMBOL } from "@/api/settings";
import type { Token } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { differencesOf } from "@/lib/settings/diff";
import { changed, type Draft, draftOf, type Ground, settingOf } from "@/lib/settings/draft";
import type { Plan } from "@/lib/settings/plan";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Review } from "@/ui/review";
import { notify } from "@/ui/toast";

/** A draft with another exit plan; everything else stays as it is written. */
function withPlan(draft: Draft, plan: Plan, ground: Ground): Draft {
  return (Object.keys(plan) as (keyof Plan)[]).reduce(
    (next, name) => changed(next, { kind: "risk", name, value: plan[name] }, ground),
    draft,
  );
}

/** The name under which a token has settings: its mint, else its symbol. */
function keyOf(token: Token | null, { settings }: Wishes): string {
  if (token === null) return ANY_SYMBOL;
  return token.address in settings ? token.address : (token.symbol ?? token.address);
}

interface UsePlanProps {
  /** Null: for every token. */
  token: Token | null;
  plan: Plan;
}

/** Writes a plan into the settings, after a look at what changes. */
export function UsePlan({ token, plan }: UsePlanProps) {
  const wallet = useWallet();
  const { wishes } = useWishes(wallet);
  const [said, setSaid] = useState<string | null>(null);
  const proposal = useProposal({
    wallet,
    everywhere: wishes?.settings[ANY_SYMBOL]?.settings ?? null,
    onRefused: (error) => setSaid(error.message),
    onSaved: ({ symbol }) => {
      const where = symbol === ANY_SYMBOL ? "every token" : cleanText(symbol, 24);
      setSaid(`This plan is used for ${where} from now on.`);
      notify(`This plan is used for ${where} from now on.`);
    },
  });
  const name = cleanText(token?.symbol ?? shortAddress(token?.address ?? ""), 24);
  const ask = (symbol: string, words: string) => {
    if (!wishes) return;
    setSaid(null);
    const draft = draftOf(writtenFor(wishes, symbol), wishes.ground);
    proposal.ask({
      symbol,
      setting: settingOf(withPlan(draft, plan, wishes.ground), wishes.ground),
      title: `Use this plan for ${words} from now on?`,
      verb: "Use this plan",
    });
  };
  const asked = proposal.proposal;
  const after = proposal.preview?.effective;
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="flex flex-wrap justify-end gap-2">
        {token && (
          <Button
            look="primary"
            disabled={!wishes}
            busy={proposal.isAsking}
            onClick={() => wishes && ask(keyOf(token, wishes), name)}
          >
            Use this plan for {name}
          </Button>
        )}
        <Button
          look={token ? "plain" : "primary"}
          disabled={!wishes}
          busy={proposal.isAsking}
          onClick={() => ask(ANY_SYMBOL, "every token")}
        >
          {token ? "For every token" : "Use this plan for every token"}
        </Button>
      </div>
      <p role="status" className="text-muted text-sm">
        {said}
      </p>
      {asked && after && wishes && (
        <Review
          title={asked.title}
          verb={asked.verb}
          differences={differencesOf(effectiveFor(wishes, asked.symbol), after, wishes.ground)}
          preview={proposal.preview}
          isSaving={proposal.isSaving}
          error={proposal.error}
          onConfirm={proposal.save}
          onCancel={proposal.cancel}
        />
      )}
    </div>
  );
}
