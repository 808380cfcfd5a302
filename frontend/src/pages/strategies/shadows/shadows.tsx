import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useWishes, type Wishes } from "@/api/ground";
import { changeShadow, comparisonQuery, MOST_SHADOWS, shadowsQuery } from "@/api/shadows";
import type { Shadow } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { notify } from "@/ui/toast";
import { Adopt } from "./adopt";
import { Comparison } from "./comparison";
import { Retire } from "./retire";
import { ShadowForm } from "./shadow-form";
import { ShadowRow } from "./shadow-row";
import { differencesBySymbol, writtenOf } from "./wishes";

const MOST_SHOWN = 3;

type Asked = { what: "new" } | { what: "change" | "adopt" | "retire"; shadow: Shadow };

function Asking({ asked, wishes, onClose }: { asked: Asked; wishes: Wishes; onClose: () => void }) {
  if (asked.what === "new") return <ShadowForm shadow={null} wishes={wishes} onClose={onClose} />;
  const given = { shadow: asked.shadow, onClose };
  if (asked.what === "retire") return <Retire {...given} />;
  return asked.what === "adopt" ? (
    <Adopt {...given} wishes={wishes} />
  ) : (
    <ShadowForm {...given} wishes={wishes} />
  );
}

function List({ shadows, wishes }: { shadows: Shadow[]; wishes: Wishes }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [chosen, setChosen] = useState<number[] | null>(null);
  const pairs = useQuery({ ...comparisonQuery(wallet), enabled: shadows.length > 0 });
  const pause = useMutation({
    mutationFn: ({ number, paused }: Shadow) => changeShadow(wallet, number, { paused: !paused }),
    onError: (error) => notify(error.message, { failed: true }),
    onSettled: () => client.invalidateQueries({ queryKey: ["shadows", wallet] }),
  });
  const mine = writtenOf(wishes);
  const living = shadows.filter((it) => it.retired_at === null).length;
  const isFull = living >= MOST_SHADOWS;
  const shown = chosen ?? shadows.slice(0, MOST_SHOWN).map((it) => it.number);
  const toggle = (number: number) =>
    setChosen(shown.includes(number) ? shown.filter((it) => it !== number) : [...shown, number]);
  const compared = shadows.filter((it) => shown.includes(it.number));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Card
        title={`Shadows, ${living} of ${MOST_SHADOWS}`}
        actions={
          <Button
            size="small"
            look="primary"
            disabled={isFull}
            onClick={() => setAsked({ what: "new" })}
          >
            <Plus size={13} aria-hidden="true" />
            New shadow
          </Button>
        }
      >
        {isFull && (
          <p className="border-line border-b bg-warn-soft px-3 py-2 text-sm text-warn">
            More than {MOST_SHADOWS} cannot run at once: retire one to make room.
          </p>
        )}
        {shadows.length === 0 ? (
          <Empty title="No shadow yet">
            A shadow trades other settings on the same market beside you, without money. Compare it
            with yours for some days, and adopt it when it proves better.
          </Empty>
        ) : (
          <ul>
            {shadows.map((shadow) => (
              <ShadowRow
                key={shadow.number}
                shadow={shadow}
                pair={pairs.data?.items.find((it) => it.number === shadow.number)}
                differing={differencesBySymbol(mine, shadow.settings, wishes.ground)}
                isShown={shown.includes(shadow.number)}
                canShow={compared.length < MOST_SHOWN}
                isBusy={pause.isPending}
                onShow={() => toggle(shadow.number)}
                onAdopt={() => setAsked({ what: "adopt", shadow })}
                onEdit={() => setAsked({ what: "change", shadow })}
                onPause={() => pause.mutate(shadow)}
                onRetire={() => setAsked({ what: "retire", shadow })}
              />
            ))}
          </ul>
        )}
      </Card>
      {compared.length > 0 && <Comparison shadows={compared} />}
      {asked && <Asking asked={asked} wishes={wishes} onClose={() => setAsked(null)} />}
    </div>
  );
}

/** Other settings on the same market, without money, beside one's own. */
export function Shadows() {
  const wallet = useWallet();
  const { wishes, error, isFetching, retry } = useWishes(wallet);
  const query = useQuery(shadowsQuery(wallet));
  const failure = error ?? (query.data ? null : query.error);
  if (wishes && query.data) return <List shadows={query.data.items} wishes={wishes} />;
  return (
    <Card title="Shadows">
      {failure ? (
        <Failure
          title="Your shadows could not be loaded"
          error={failure}
          onRetry={() => {
            retry();
            if (query.isError) query.refetch();
          }}
          busy={isFetching || query.isFetching}
        />
      ) : (
        <Skeleton label="Shadows load" rows={6} />
      )}
    </Card>
  );
}
