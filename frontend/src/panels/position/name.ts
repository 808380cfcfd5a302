import type { Token } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";

/** A token as a person knows it. */
export function nameOf({ symbol, address }: Token): string {
  return (symbol && cleanText(symbol, 24)) || shortAddress(address);
}
