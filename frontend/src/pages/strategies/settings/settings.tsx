import { useNavigate, useSearch } from "@tanstack/react-router";
import { useWishes } from "@/api/ground";
import { ANY_SYMBOL } from "@/api/settings";
import { useWallet } from "@/lib/session";
import { Card } from "@/ui/card";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Editor } from "./editor";
import { Symbols } from "./symbols";

/** Settings per symbol; which one is open stands in the address. */
export function SettingsTab() {
  const { symbol = ANY_SYMBOL } = useSearch({ from: "/signed-in/strategies" });
  const navigate = useNavigate();
  const { wishes, error, isFetching, retry } = useWishes(useWallet());
  if (!wishes) {
    return (
      <Card title="Settings">
        {error ? (
          <Failure
            title="Your settings could not be loaded"
            error={error}
            onRetry={retry}
            busy={isFetching}
          />
        ) : (
          <Skeleton label="Settings load" rows={10} />
        )}
      </Card>
    );
  }
  const show = (it: string) =>
    navigate({ to: "/strategies", search: it === ANY_SYMBOL ? {} : { symbol: it } });
  return (
    <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <Symbols settings={wishes.settings} shown={symbol} onShow={show} />
      <Editor key={symbol} wishes={wishes} symbol={symbol} />
    </div>
  );
}
