import { Download } from "lucide-react";
import type { RunKind } from "@/api/research";

/** The run as one file that needs no platform to be read. */
export function ReportLink({ kind, id }: { kind: RunKind; id: number }) {
  return (
    <a
      href={`/api/${kind}s/${id}/report.html`}
      download
      className="inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border border-line bg-raised px-2 font-medium text-sm transition-colors hover:bg-hover"
    >
      <Download size={14} aria-hidden="true" />
      Report
    </a>
  );
}
