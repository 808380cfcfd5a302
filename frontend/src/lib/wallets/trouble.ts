/** What can go wrong between a person, a wallet and the platform, in words. */
import { cleanText } from "@/lib/text";
import type { SolanaWallet, Way } from "./discovery";

export class WalletTrouble extends Error {
  constructor(
    message: string,
    /** Worth a try with the same wallet. */
    readonly otherWay: Way | null = null,
  ) {
    super(message);
  }
}

const REJECTED = 4001;
const STANDARD_REJECTED = 4_001_000;
const MINUTE = 60_000;
const NOTICED = 4 * MINUTE;
const LONGEST = 160;

export const hardware =
  "Hardware wallets often sign transactions only, not texts. Choose an account that the wallet " +
  "keeps itself, or start with a paper wallet.";

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return typeof error === "string" ? error : "";
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

function isRejected(error: unknown): boolean {
  const code = codeOf(error);
  if (code === REJECTED || code === STANDARD_REJECTED) return true;
  return /reject|denied|declin|cancel|closed the|dismiss/i.test(messageOf(error));
}

const isHardware = (error: unknown) => /ledger|trezor|hardware|keystone/i.test(messageOf(error));

/** Says that the clock is wrong where it is: a wallet compares the text with it. */
export function wrongClock(issuedAt: string, now: number): string | null {
  const ahead = now - Date.parse(issuedAt);
  if (Math.abs(ahead) < NOTICED) return null;
  const minutes = Math.round(Math.abs(ahead) / MINUTE);
  const side = ahead > 0 ? "ahead of" : "behind";
  return `This computer's clock is ${minutes} min ${side} the platform's, and wallets refuse a text that is not of now. Set the clock and try again.`;
}

/** What a wallet threw, in words. `wanted` is what it was asked for. */
export function thrownBy(
  { name }: SolanaWallet,
  error: unknown,
  wanted: "connect" | "sign",
): WalletTrouble {
  if (isRejected(error)) {
    const what = wanted === "connect" ? "to connect" : "to sign";
    return new WalletTrouble(`You declined ${what} in ${name}. Nothing was signed.`);
  }
  if (isHardware(error)) return new WalletTrouble(`${name} could not sign. ${hardware}`);
  const said = cleanText(messageOf(error), LONGEST);
  if (said === "") {
    return new WalletTrouble(
      `${name} failed without saying why. Unlock it and try again, or reload this page.`,
    );
  }
  return new WalletTrouble(`${name} could not do it. It says: “${said}”`);
}
