import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { effectiveFor, useWishes, type Wishes } from "@/api/ground";
import { adoptRun } from "@/api/research";
import { ANY_SYMBOL, trySettings } from "@/api/settings";
import { useWallet } from "@/lib/session";
import { differencesOf } from "@/lib/settings/diff";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Failure } from "@/ui/failure";
import { TextField } from "@/ui/field";
import { Review } from "@/ui/review";
import { Segments } from "@/ui/segments";
import { Skeleton } from "@/ui/skeleton";
import { notify } from "@/ui/toast";
import type { Json } from "../form/restore";
import { settingOf } from "./setting";

interface AdoptDialogProps {
  run: number;
  /** Of a sweep: the set. */
  number: number | null;
  /** What is adopted, as a backtest's request. */
  request: Json;
  tokens: string[];
  onClose: () => void;
}

type Scope = "token" | "every" | "other";

function useAdoption({ run, number, request, onClose }: AdoptDialogProps) {
  const wallet = useWallet();
  const client = useQueryClient();
  const tried = useMutation({
    mutationFn: (symbol: string) => trySettings(wallet, symbol, settingOf(request)),
  });
  const adopted = useMutation({
    mutationFn: (symbol: string) => adoptRun(run, symbol, number),
    onSuccess: (_, symbol) => {
      client.invalidateQueries({ queryKey: ["settings"] });
      client.invalidateQueries({ queryKey: ["runs"] });
      notify(`Adopted for ${symbol === ANY_SYMBOL ? "every token" : symbol}.`);
      onClose();
    },
  });
  return { tried, adopted };
}

function nameOf(symbol: string): string {
  return symbol === ANY_SYMBOL ? "every token" : symbol;
}

interface SymbolFormProps {
  tokens: string[];
  busy: boolean;
  error: Error | null;
  onAsk: (symbol: string) => void;
  onClose: () => void;
}

function SymbolForm({ tokens, busy, error, onAsk, onClose }: SymbolFormProps) {
  const first = tokens[0];
  const [scope, setScope] = useState<Scope>(first ? "token" : "every");
  const [other, setOther] = useState("");
  const symbols: Record<Scope, string> = {
    token: first ?? "",
    every: ANY_SYMBOL,
    other: other.trim(),
  };
  const options: { value: Scope; title: string }[] = [
    { value: "every", title: "Every token" },
    { value: "other", title: "Another" },
  ];
  if (first) options.unshift({ value: "token", title: first });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (symbols[scope] !== "") onAsk(symbols[scope]);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-muted">
        The strategy, the exits and the size become your settings. First you see what would change.
      </p>
      <Segments label="For which token" value={scope} onChange={setScope} options={options} wraps />
      {scope === "other" && (
        <TextField
          label="Symbol or mint"
          placeholder="BONK"
          maxLength={64}
          value={other}
          onChange={(event) => setOther(event.target.value)}
        />
      )}
      {error && (
        <p role="alert" className="text-down text-sm">
          {error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" look="primary" busy={busy} disabled={symbols[scope] === ""}>
          See what changes
        </Button>
      </div>
    </form>
  );
}

function Adoption({ wishes, ...props }: AdoptDialogProps & { wishes: Wishes }) {
  const { tried, adopted } = useAdoption(props);
  const symbol = tried.variables ?? "";
  if (tried.data) {
    return (
      <Review
        title={`Adopt for ${nameOf(symbol)}`}
        verb="Adopt"
        differences={differencesOf(
          effectiveFor(wishes, symbol),
          tried.data.effective,
          wishes.ground,
        )}
        preview={tried.data}
        isSaving={adopted.isPending}
        error={adopted.error}
        onConfirm={() => adopted.mutate(symbol)}
        onCancel={props.onClose}
      />
    );
  }
  return (
    <Dialog open onClose={props.onClose} title="Adopt as your settings">
      <SymbolForm
        tokens={props.tokens}
        busy={tried.isPending}
        error={tried.error}
        onAsk={(wanted) => tried.mutate(wanted)}
        onClose={props.onClose}
      />
    </Dialog>
  );
}

/** Makes what a run was run with the wallet's settings, after a look at what changes. */
export function AdoptDialog(props: AdoptDialogProps) {
  const { wishes, error, retry, isFetching } = useWishes(useWallet());
  if (wishes) return <Adoption wishes={wishes} {...props} />;
  return (
    <Dialog open onClose={props.onClose} title="Adopt as your settings">
      {error ? (
        <Failure
          title="Your settings could not be loaded"
          error={error}
          onRetry={retry}
          busy={isFetching}
        />
      ) : (
        <Skeleton label="Your settings load" rows={4} />
      )}
    </Dialog>
  );
}
