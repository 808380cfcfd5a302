import { challenge, login, register } from "@/api/queries";
import { signerFor } from "@/lib/signing";
import type { Door } from "@/lib/wallets/sign-in";

export interface FreshWallet {
  walletAddress: string;
  secretKey: string;
  sol: number;
}

export const door: Door = { challenge, login };

export async function makeWallet(): Promise<FreshWallet> {
  const made = await register();
  return {
    walletAddress: made.wallet_address,
    secretKey: made.secret_key,
    sol: made.initial_sol_balance,
  };
}

/** Proves that the key is there by signing the platform's message; the key itself stays here. */
export async function signInWithKey(secretKey: string): Promise<string> {
  const signer = await signerFor(secretKey);
  const { message } = await challenge(signer.walletAddress);
  const signature = await signer.sign(message);
  const answer = await login({ wallet_address: signer.walletAddress, message, signature });
  return answer.wallet_address;
}
