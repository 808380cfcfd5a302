import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "@/lib/clipboard";
import { IconButton } from "./button";
import { notify } from "./toast";

const SHOWN_FOR = 1_500;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <IconButton
      label={copied ? "Copied" : label}
      onClick={async () => {
        const isCopied = await copyText(text);
        setCopied(isCopied);
        if (!isCopied) notify("The browser lets this page copy nothing.", { failed: true });
      }}
    >
      <Icon size={14} aria-hidden="true" />
    </IconButton>
  );
}
