import { Circle, CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Host, Service } from "@/api/status";
import { formatCount, formatNumber } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/empty";
import { Age } from "./age";
import { limits, timeOf, troubleOf } from "./health";
import { errorsInWords, serviceParts, totalOf } from "./words";

const states = {
  connected: { Icon: CircleCheck, colour: "text-up", word: "connected" },
  answering: { Icon: CircleCheck, colour: "text-up", word: "answers" },
  recording: { Icon: CircleCheck, colour: "text-up", word: "plays recordings" },
  idle: { Icon: Circle, colour: "text-faint", word: "not asked yet" },
  disconnected: { Icon: CircleX, colour: "text-down", word: "not connected" },
  hiccup: { Icon: TriangleAlert, colour: "text-warn", word: "failed once" },
  failing: { Icon: CircleX, colour: "text-down", word: "does not answer" },
};
type State = keyof typeof states;

type Asked = Pick<Service, "last_error" | "last_error_at" | "last_answer_at" | "errors">;

function stateOf(asked: Asked & Partial<Service>, at: number): State {
  if (asked.kind === "stream") return asked.connected ? "connected" : "disconnected";
  if (asked.kind === "recording") return "recording";
  const trouble = troubleOf(asked, at);
  if (trouble !== "none") return trouble === "silent" ? "failing" : "hiccup";
  return asked.last_answer_at === null ? "idle" : "answering";
}

function StateWord({ state, about }: { state: State; about: string }) {
  const { Icon, colour, word } = states[state];
  return (
    <span className="flex min-w-0 items-center gap-1 text-muted text-sm">
      <Icon size={12} aria-hidden="true" className={classes("shrink-0", colour)} />
      <span className="wrap-anywhere">
        {word}
        {about && <span className="text-faint"> · {about}</span>}
      </span>
    </span>
  );
}

interface RowProps {
  title: string;
  about: string;
  asked: Asked & Partial<Service>;
  at: number;
  age: ReactNode;
  rate: string;
}

/** One that is asked; its last error below, loud only while it is its last word. */
function Row({ title, about, asked, at, age, rate }: RowProps) {
  const state = stateOf(asked, at);
  const total = totalOf(asked.errors);
  const error = asked.last_error;
  return (
    <>
      <tr className="align-top">
        <th scope="row" className={classes("px-3 pt-2 text-left font-normal", !error && "pb-2")}>
          <span className="wrap-anywhere font-medium">{title}</span>
          <StateWord state={state} about={about} />
        </th>
        <td className="py-2 pr-3 text-right">{age}</td>
        <td className="num py-2 pr-3 text-right">{rate}</td>
        <td
          className={classes("num py-2 pr-3 text-right", total === 0 && "text-faint")}
          title={errorsInWords(asked.errors) ?? undefined}
        >
          {formatCount(total)}
        </td>
      </tr>
      {error !== null && (
        <tr>
          <td colSpan={4} className="px-3 pt-0.5 pb-2 text-sm">
            <p className={state === "failing" || state === "disconnected" ? "" : "text-muted"}>
              <span className="text-faint">
                Last error, <Age of={timeOf(asked.last_error_at)} at={at} none="time unknown" />:{" "}
              </span>
              <span className="wrap-anywhere">{cleanText(error, 200)}</span>
            </p>
          </td>
        </tr>
      )}
    </>
  );
}

interface TableProps {
  label: string;
  first: string;
  third: string;
  children: ReactNode;
}

function Table({ label, first, third, children }: TableProps) {
  return (
    <table
      aria-label={label}
      className="w-full [&_tbody+tbody]:border-line [&_tbody+tbody]:border-t"
    >
      <thead>
        <tr className="border-line border-b text-muted text-sm">
          <th scope="col" className="px-3 py-1.5 text-left font-medium">
            {first}
          </th>
          {["Last answer", third, "Errors"].map((title) => (
            <th key={title} scope="col" className="py-1.5 pr-3 text-right font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}

function aboutService({ kind, hosts, connected, counts }: Service): string {
  if (kind === "stream" && connected) {
    const many = counts.signals ?? 0;
    return `${formatCount(many)} ${many === 1 ? "signal" : "signals"}`;
  }
  return kind === "recording" ? "" : hosts.map((host) => cleanText(host, 60)).join(", ");
}

/** Feeds and services by what they are for. */
export function Services({ services, at }: { services: Service[]; at: number }) {
  return (
    <Card title="Feeds and services">
      <Table label="Feeds and services" first="What" third="Per minute">
        {services.map((service) => (
          <tbody key={service.name}>
            <Row
              title={serviceParts[service.name].title}
              about={aboutService(service)}
              asked={service}
              at={at}
              age={
                <Age
                  of={timeOf(service.last_byte_at ?? service.last_answer_at)}
                  at={at}
                  limits={service.kind === "stream" ? limits.stream : undefined}
                />
              }
              rate={
                service.per_minute === null
                  ? "–"
                  : formatNumber(Number(service.per_minute.toPrecision(3)))
              }
            />
          </tbody>
        ))}
      </Table>
    </Card>
  );
}

function aboutHost({ waiting, turned_away, paused_seconds }: Host): string {
  const parts = [
    waiting > 0 && `${formatCount(waiting)} wait`,
    turned_away > 0 && `${formatCount(turned_away)} turned away`,
    paused_seconds > 0 && `asked again in ${formatNumber(Math.ceil(paused_seconds))} s`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The same by host: one may serve several of them, and has one limit for all. */
export function Hosts({ hosts, at }: { hosts: Host[]; at: number }) {
  return (
    <Card title="Hosts">
      {hosts.length === 0 ? (
        <Empty title="No host was asked yet">
          Hosts appear with the first request to each of them.
        </Empty>
      ) : (
        <Table label="Hosts" first="Host" third="Requests">
          {hosts.map((host) => (
            <tbody key={host.host}>
              <Row
                title={cleanText(host.host, 80)}
                about={aboutHost(host)}
                asked={host}
                at={at}
                age={<Age of={timeOf(host.last_answer_at)} at={at} />}
                rate={formatCount(host.requests)}
              />
            </tbody>
          ))}
        </Table>
      )}
    </Card>
  );
}
