import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleQuestionMark, Monitor, Smartphone, Terminal } from "lucide-react";
import { useState } from "react";
import { endOtherSessions, endSession, type Session, sessionsQuery } from "@/api/sessions";
import { type Agent, agentInWords } from "@/lib/agents";
import { useWallet } from "@/lib/session";
import { formatMoment, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Dialog } from "@/ui/dialog";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { notify } from "@/ui/toast";

const icons: Record<Agent["kind"], typeof Monitor> = {
  computer: Monitor,
  phone: Smartphone,
  program: Terminal,
  unknown: CircleQuestionMark,
};

interface RowProps {
  session: Session;
  onEnd: (session: Session) => void;
}

function Row({ session, onEnd }: RowProps) {
  const { words, kind } = agentInWords(session.user_agent);
  const Icon = icons[kind];
  return (
    <li className="flex items-start gap-3 border-line border-b px-3 py-2.5 last:border-b-0">
      <Icon size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="wrap-anywhere font-medium">{words}</span>
          {session.current && <Badge tone="accent">this one</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-3 text-muted text-sm">
          <span>
            Used <Ago at={parseTime(session.last_seen_at)} />
          </span>
          <span>Signed in {formatMoment(parseTime(session.created_at))}</span>
          <span>Ends {formatMoment(parseTime(session.expires_at))} unless it is used</span>
        </p>
      </div>
      {!session.current && (
        <Button size="small" aria-label={`Sign out ${words}`} onClick={() => onEnd(session)}>
          Sign out
        </Button>
      )}
    </li>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  verb: string;
  isBusy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onCancel: () => void;
}

function Confirm({ title, text, verb, isBusy, error, onConfirm, onCancel }: ConfirmProps) {
  return (
    <Dialog open onClose={onCancel} title={title}>
      <div className="flex flex-col gap-4">
        <p className="text-muted">{text}</p>
        {error && (
          <p role="alert" className="text-down">
            {error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onCancel}>Not now</Button>
          <Button look="danger" busy={isBusy} onClick={onConfirm}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function List({ sessions }: { sessions: Session[] }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<Session | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({
    mutationFn: ({ id }: Session) => endSession(id),
    onSuccess: () => {
      setAsked(null);
      notify("Signed out there.");
    },
    onSettled: refresh,
  });
  const cancel = () => {
    end.reset();
    setAsked(null);
  };
  const words = asked ? agentInWords(asked.user_agent).words : "";
  // One's own first, then who was last here.
  const sorted = [...sessions].sort(
    (one, other) =>
      Number(other.current) - Number(one.current) ||
      other.last_seen_at.localeCompare(one.last_seen_at),
  );
  return (
    <>
      <ul>
        {sorted.map((session) => (
          <Row key={session.id} session={session} onEnd={setAsked} />
        ))}
      </ul>
      {sessions.length === 1 && (
        <p className="px-3 pb-3 text-faint text-sm">
          Nobody else is signed in with this wallet. Who signs in stands here at once.
        </p>
      )}
      {asked && (
        <Confirm
          title={`Sign out ${words}?`}
          text="It is signed out at once and needs the wallet's key to come back. Trading goes on."
          verb="Sign out"
          isBusy={end.isPending}
          error={end.error}
          onConfirm={() => end.mutate(asked)}
          onCancel={cancel}
        />
      )}
    </>
  );
}

function EndOthers() {
  const client = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const end = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: (many) => {
      setIsAsked(false);
      notify(many === 1 ? "One session was signed out." : `${many} sessions were signed out.`);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <>
      <Button size="small" onClick={() => setIsAsked(true)}>
        Sign out all others
      </Button>
      {isAsked && (
        <Confirm
          title="Sign out all others?"
          text="Every other browser and program is signed out at once; only this one stays. Trading goes on."
          verb="Sign out all others"
          isBusy={end.isPending}
          error={end.error}
          onConfirm={() => end.mutate()}
          onCancel={() => {
            end.reset();
            setIsAsked(false);
          }}
        />
      )}
    </>
  );
}

/** Every browser and program that is signed in with this wallet. */
export function Sessions() {
  const query = useQuery(sessionsQuery(useWallet()));
  const sessions = query.data?.items;
  return (
    <Card title="Sessions" actions={sessions && sessions.length > 1 ? <EndOthers /> : undefined}>
      {query.isPending && <Skeleton label="Sessions load" rows={3} />}
      {query.isError && !sessions && (
        <Failure
          title="Your sessions could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {sessions?.length === 0 && (
        <Empty title="No session holds any more">Sign in again to see yours here.</Empty>
      )}
      {sessions && sessions.length > 0 && <List sessions={sessions} />}
    </Card>
  );
}
