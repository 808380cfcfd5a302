import { useMutation, useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useSignOut } from "@/api/leaving";
import { walletQuery } from "@/api/queries";
import { endOtherSessions } from "@/api/sessions";
import { useWallet } from "@/lib/session";
import { formatMoment, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { Failure } from "@/ui/failure";
import { Sol } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid items-center gap-x-4 py-1 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function SignOutEverywhere() {
  const [isAsked, setIsAsked] = useState(false);
  const signOut = useSignOut();
  const leave = useMutation({
    mutationFn: async () => {
      await endOtherSessions();
      await signOut();
    },
  });
  const cancel = () => {
    leave.reset();
    setIsAsked(false);
  };
  return (
    <>
      <Button onClick={() => setIsAsked(true)}>
        <LogOut size={14} aria-hidden="true" />
        Sign out everywhere
      </Button>
      <Dialog open={isAsked} onClose={cancel} title="Sign out everywhere?">
        <div className="flex flex-col gap-4">
          <p className="text-muted">
            This browser and every other session are signed out at once. To come back you need the
            wallet itself or its secret key; nobody can restore a key that is lost. Open trades go
            on by their plans.
          </p>
          {leave.isError && (
            <p role="alert" className="text-down">
              You are still signed in here. {leave.error.message}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <Button onClick={cancel}>Not now</Button>
            <Button look="danger" busy={leave.isPending} onClick={() => leave.mutate()}>
              Sign out everywhere
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

/** Whose settings these are. */
export function Wallet() {
  const address = useWallet();
  const query = useQuery(walletQuery(address));
  const wallet = query.data;
  return (
    <Card title="Wallet" className="flex flex-col items-start gap-3 p-3">
      <dl className="w-full">
        <Fact label="Address">
          <span className="flex min-w-0 items-center gap-1">
            <span className="break-all font-mono">{address}</span>
            <CopyButton text={address} label="Copy the address" />
          </span>
        </Fact>
        <Fact label="Kind">
          Paper wallet <span className="text-faint">trades the market with play money</span>
        </Fact>
        {wallet && (
          <>
            <Fact label="Joined">
              {formatMoment(parseTime(wallet.created_at))}{" "}
              <span className="text-faint">
                <Ago at={parseTime(wallet.created_at)} />
              </span>
            </Fact>
            <Fact label="Began with">
              <Sol value={wallet.initial_sol_balance} /> <span className="text-faint">SOL</span>
            </Fact>
          </>
        )}
      </dl>
      {query.isPending && (
        <div className="w-full">
          <Skeleton label="The wallet loads" rows={2} />
        </div>
      )}
      {query.isError && !wallet && (
        <Failure
          title="Your wallet could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      <SignOutEverywhere />
    </Card>
  );
}
