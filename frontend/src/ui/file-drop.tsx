import { Upload } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { classes } from "./classes";

interface FileDropProps {
  label: string;
  /** What may be dropped, for a person. */
  hint: string;
  /** As of an input of files: `.csv,.parquet`. */
  accept: string;
  file: File | null;
  onFile: (file: File) => void;
}

function sizeOf({ size }: File): string {
  if (size < 1024) return `${size} bytes`;
  const kib = size / 1024;
  return kib < 1024 ? `${kib.toFixed(0)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/** Takes one file, dropped on it or chosen. */
export function FileDrop({ label, hint, accept, file, onFile }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const first = files?.[0];
    if (first) onFile(first);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way; the input inside is the keyboard's
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        "relative rounded-lg border border-dashed transition-colors focus-within:outline-2 focus-within:outline-accent focus-within:outline-offset-2",
        over ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
      )}
    >
      <label
        htmlFor={id}
        className="flex cursor-pointer flex-col items-center gap-1 px-4 py-6 text-center"
      >
        <Upload size={20} aria-hidden="true" className="text-muted" />
        <span className="font-medium">{file ? file.name : label}</span>
        <span className="text-faint text-sm">{file ? sizeOf(file) : hint}</span>
      </label>
      <input
        id={id}
        type="file"
        accept={accept}
        onChange={(event) => take(event.target.files)}
        className="absolute inset-0 cursor-pointer opacity-0"
      />
    </div>
  );
}
