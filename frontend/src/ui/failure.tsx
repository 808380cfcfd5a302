import { Button } from "./button";

interface FailureProps {
  /** What was to be done: "Trades could not be loaded". */
  title: string;
  error: unknown;
  onRetry?: () => void;
  busy?: boolean;
}

function wordsOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "The reason is not known.";
}

/** A failed request: what, why, and another try. */
export function Failure({ title, error, onRetry, busy }: FailureProps) {
  return (
    <div
      role="alert"
      className="flex h-full min-h-24 flex-col items-center justify-center gap-2 p-4 text-center"
    >
      <p className="font-medium">{title}</p>
      <p className="max-w-sm text-muted text-sm">{wordsOf(error)}</p>
      {onRetry && (
        <Button size="small" onClick={onRetry} busy={busy}>
          Retry
        </Button>
      )}
    </div>
  );
}
