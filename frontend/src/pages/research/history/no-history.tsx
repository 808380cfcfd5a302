import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";

const commands = [
  {
    title: "Download from GeckoTerminal",
    command: "python -m app candles download POOL_OR_MINT --from 2026-10-01",
  },
  {
    title: "Import a file",
    command: "python -m app candles import BONK-SOL_5m.parquet --token BONK-SOL",
  },
];

/** What to do when there is nothing to run on. */
export function NoHistory({ onUpload }: { onUpload?: () => void }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-md bg-raised px-4 py-6 text-center">
      <p className="font-medium">There are no candles of the past yet</p>
      <p className="max-w-md text-muted text-sm">
        A run needs history. Upload a CSV, Parquet or Feather file here, or bring some in on the
        machine of the platform, which everybody then shares:
      </p>
      <ul className="flex w-full max-w-xl flex-col gap-2 text-left">
        {commands.map(({ title, command }) => (
          <li key={title} className="flex flex-col gap-0.5">
            <span className="text-faint text-xs">{title}</span>
            <span className="flex items-center gap-1 rounded-md border border-line bg-surface pl-2">
              <code className="min-w-0 flex-1 overflow-x-auto whitespace-nowrap py-1.5 font-mono text-sm">
                {command}
              </code>
              <CopyButton text={command} label={`Copy: ${title}`} />
            </span>
          </li>
        ))}
      </ul>
      {onUpload && (
        <Button look="primary" onClick={onUpload}>
          Upload a file
        </Button>
      )}
    </div>
  );
}
