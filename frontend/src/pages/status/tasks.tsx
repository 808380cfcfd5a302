import { Check, CircleCheck, CirclePause, CircleX } from "lucide-react";
import type { Task } from "@/api/status";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { formatFull, parseTime } from "@/lib/time";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/empty";
import { Age } from "./age";
import { taskPart } from "./words";

const states = {
  running: { Icon: CircleCheck, colour: "text-up", word: "runs" },
  waiting: { Icon: CircleX, colour: "text-down", word: "failed, starts again" },
  done: { Icon: Check, colour: "text-muted", word: "done" },
  stopped: { Icon: CirclePause, colour: "text-warn", word: "stopped" },
};

function Row({ task, at }: { task: Task; at: number }) {
  const { Icon, colour, word } = states[task.state];
  const error = task.last_error;
  return (
    <tbody>
      <tr className="align-top">
        <th
          scope="row"
          className={classes("px-3 pt-1.5 text-left font-normal", !error && "pb-1.5")}
        >
          {cleanText(taskPart(task.name).title, 60)}
        </th>
        <td className="py-1.5 pr-3">
          <span className="flex items-center gap-1.5">
            <Icon size={13} aria-hidden="true" className={classes("shrink-0", colour)} />
            {word}
          </span>
        </td>
        <td className="num py-1.5 pr-3 text-right" title={formatFull(parseTime(task.since))}>
          <Age of={parseTime(task.since)} at={at} />
        </td>
        <td className={classes("num py-1.5 pr-3 text-right", task.restarts === 0 && "text-faint")}>
          {formatCount(task.restarts)}
        </td>
      </tr>
      {error !== null && (
        <tr>
          <td colSpan={4} className="px-3 pb-2 text-sm">
            <p className={task.state === "waiting" ? "" : "text-muted"}>
              <span className="text-faint">Last error: </span>
              <span className="wrap-anywhere">{cleanText(error, 200)}</span>
            </p>
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** What runs in the background; one that fails is started again. */
export function Tasks({ tasks, at }: { tasks: Task[]; at: number }) {
  return (
    <Card title="Background tasks">
      {tasks.length === 0 ? (
        <Empty title="No task runs here">
          They start with the engine, in the process that runs it.
        </Empty>
      ) : (
        <table
          aria-label="Background tasks"
          className="w-full [&_tbody+tbody]:border-line [&_tbody+tbody]:border-t"
        >
          <thead>
            <tr className="border-line border-b text-muted text-sm">
              <th scope="col" className="px-3 py-1.5 text-left font-medium">
                What it does
              </th>
              <th scope="col" className="py-1.5 pr-3 text-left font-medium">
                State
              </th>
              <th scope="col" className="py-1.5 pr-3 text-right font-medium">
                Since
              </th>
              <th scope="col" className="py-1.5 pr-3 text-right font-medium">
                Restarts
              </th>
            </tr>
          </thead>
          {tasks.map((task) => (
            <Row key={task.name} task={task} at={at} />
          ))}
        </table>
      )}
    </Card>
  );
}
