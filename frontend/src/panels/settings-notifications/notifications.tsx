import { useMutation } from "@tanstack/react-query";
import { Bell, BellOff } from "lucide-react";
import type { ReactNode } from "react";
import { testNote } from "@/lib/notes";
import {
  askPermission,
  type Permission,
  show,
  type Topic,
  topics,
  usePermission,
  useWishes,
  wish,
} from "@/lib/notifications";
import { Badge, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Switch } from "@/ui/switch";

const names: Record<Topic, { title: string; hint: string }> = {
  opened: { title: "A trade opened", hint: "Token, how much was spent, and why." },
  closed: { title: "A trade closed", hint: "What it made or lost, and what ended it." },
  stopped: {
    title: "A stop was hit",
    hint: "Stop loss, break-even or trailing stop, also without the other closed trades.",
  },
  link: { title: "The link is lost", hint: "When nothing has come for a minute." },
  price: {
    title: "A price is stale",
    hint: "When a token that you hold had no price for a minute.",
  },
};

const states: Record<Permission, { tone: Tone; word: string; text: string }> = {
  granted: {
    tone: "up",
    word: "allowed",
    text: "They come while a page of Auto Trader is open in this browser; of several tabs one tells.",
  },
  default: {
    tone: "neutral",
    word: "not asked yet",
    text: "The browser asks once whether this page may show them.",
  },
  denied: {
    tone: "down",
    word: "blocked by the browser",
    text: "Allow them beside the address: click the icon left of it, choose Notifications, then Allow. This section notices by itself.",
  },
  missing: {
    tone: "warn",
    word: "not available",
    text: "This browser has no notifications. On an iPhone or iPad add the page to the Home Screen first.",
  },
  insecure: {
    tone: "warn",
    word: "not available",
    text: "Browsers have no notifications for pages over plain http. Open the dashboard over https, or as http://localhost on its own machine.",
  },
};

function Outcome({ failed, children }: { failed: boolean; children: ReactNode }) {
  return (
    <span role="status" className={failed ? "text-down text-sm" : "text-muted text-sm"}>
      {children}
    </span>
  );
}

/** Shows one really: nothing else proves that they arrive. */
function Test() {
  const test = useMutation({ mutationFn: () => show(testNote, () => undefined) });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button busy={test.isPending} onClick={() => test.mutate()}>
        <Bell size={14} aria-hidden="true" />
        Show a test
      </Button>
      {test.isSuccess && <Outcome failed={false}>Shown. It looks like this one.</Outcome>}
      {test.isError && <Outcome failed>{test.error.message}</Outcome>}
    </div>
  );
}

function Ask() {
  const ask = useMutation({
    mutationFn: askPermission,
    onSuccess: (answer) => {
      if (answer === "granted") wish({ isOn: true });
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button look="primary" busy={ask.isPending} onClick={() => ask.mutate()}>
        <Bell size={14} aria-hidden="true" />
        Allow notifications
      </Button>
      {ask.data === "default" && (
        <Outcome failed={false}>The browser did not decide. Click again to be asked.</Outcome>
      )}
      {ask.isError && <Outcome failed>{ask.error.message}</Outcome>}
    </div>
  );
}

function Choices() {
  const { isOn, topics: chosen } = useWishes();
  return (
    <>
      <Switch label="Notify me in this browser" isOn={isOn} onChange={(on) => wish({ isOn: on })} />
      <div className="flex flex-col gap-3 border-line border-l-2 pl-3">
        {topics.map((topic) => (
          <Switch
            key={topic}
            label={names[topic].title}
            hint={names[topic].hint}
            isOn={chosen[topic]}
            disabled={!isOn}
            onChange={(on) => wish({ topics: { [topic]: on } })}
          />
        ))}
      </div>
      <Test />
    </>
  );
}

/** What the browser tells when nobody looks at the page. */
export function Notifications() {
  const permission = usePermission();
  const { tone, word, text } = states[permission];
  return (
    <Card
      title="Notifications"
      actions={
        <Badge tone={tone}>
          {permission !== "granted" && <BellOff size={11} aria-hidden="true" />}
          {word}
        </Badge>
      }
      className="flex flex-col gap-4 p-3"
    >
      <p className="text-muted">{text}</p>
      {permission === "default" && <Ask />}
      {permission === "granted" && <Choices />}
    </Card>
  );
}
