import type { RunStatus } from "@/api/research";
import { Badge, type Tone } from "@/ui/badge";

const looks: Record<RunStatus, { tone: Tone; word: string }> = {
  queued: { tone: "neutral", word: "Waiting" },
  running: { tone: "accent", word: "Running" },
  finished: { tone: "neutral", word: "Finished" },
  failed: { tone: "down", word: "Failed" },
  cancelled: { tone: "warn", word: "Cancelled" },
};

export function StatusBadge({ status }: { status: RunStatus }) {
  const { tone, word } = looks[status];
  return <Badge tone={tone}>{word}</Badge>;
}
