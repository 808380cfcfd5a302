/** Selling by hand. */
import { thrown } from "./client";
import { closePosition } from "./generated/sdk.gen";
import { data } from "./queries";

interface Sale {
  wallet: string;
  token: string;
  strategy: string;
  portion: number;
  /** The same for each try of one sale: what was sold is not sold again. */
  key: string;
}

/** Bytes that nobody else has, in hexadecimal. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const sell = ({ wallet, token, strategy, portion, key }: Sale) =>
  data(
    closePosition({
      path: { wallet, token },
      body: { portion, strategy },
      headers: { "Idempotency-Key": key },
      ...thrown,
    }),
  );
