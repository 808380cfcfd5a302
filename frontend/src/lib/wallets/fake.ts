/** A wallet for tests: real keys, and a will of its own. */
import type { SolanaSignInInput } from "@solana/wallet-standard-features";
import type { IdentifierArray, Wallet, WalletAccount } from "@wallet-standard/base";
import { encodeBase58 } from "@/lib/base58";
import { type SolanaWallet, solanaWallets } from "./discovery";

export interface Will {
  name?: string;
  icon?: string;
  chains?: IdentifierArray;
  accounts?: number;
  /** The features that it has besides `standard:connect`. */
  can?: ("signIn" | "signMessage")[];
  /** Called before it answers; throws to decline. */
  onConnect?: () => void;
  onSign?: () => void;
  /** What it makes of a text before it signs it. */
  rewrite?: (text: string) => string;
  /** What it puts before the bytes that it signs. */
  prefix?: number[];
  /** Signs with its n-th account, whichever was asked for. */
  signsWith?: number;
}

interface Key {
  account: WalletAccount;
  privateKey: CryptoKey;
}

async function makeKey(number: number): Promise<Key> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { publicKey, privateKey } = pair as CryptoKeyPair;
  const bytes = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  const label = `Account ${number + 1}`;
  const account = {
    address: encodeBase58(bytes),
    publicKey: bytes,
    chains: ["solana:mainnet"],
    features: [],
    label,
  } as const;
  return { account, privateKey };
}

/** As @solana/wallet-standard-util writes it. */
export function textOf(input: SolanaSignInInput, address: string): string {
  const fields = [
    ["URI", input.uri],
    ["Version", input.version],
    ["Chain ID", input.chainId],
    ["Nonce", input.nonce],
    ["Issued At", input.issuedAt],
    ["Expiration Time", input.expirationTime],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  const head = `${input.domain} wants you to sign in with your Solana account:\n${address}`;
  return [head, input.statement, fields.join("\n")].join("\n\n");
}

function named(keys: Key[], address: string | undefined): Key {
  const key = keys.find(({ account }) => account.address === address) ?? keys[0];
  if (key === undefined) throw new Error("this wallet has no account");
  return key;
}

/** Makes a wallet as an extension hands it to a page. */
export async function makeWallet(will: Will = {}): Promise<Wallet> {
  const { can = ["signIn", "signMessage"], accounts = 1 } = will;
  const keys = await Promise.all(Array.from({ length: accounts }, (_, number) => makeKey(number)));
  const shown: WalletAccount[] = [];

  const sign = async (key: Key, text: string) => {
    will.onSign?.();
    const rewritten = new TextEncoder().encode(will.rewrite?.(text) ?? text);
    const bytes = Uint8Array.from([...(will.prefix ?? []), ...rewritten]);
    const { account, privateKey } = keys[will.signsWith ?? -1] ?? key;
    const signature = await crypto.subtle.sign("Ed25519", privateKey, bytes);
    return { account, signedMessage: bytes, signature: new Uint8Array(signature) };
  };

  const connect = async () => {
    will.onConnect?.();
    shown.splice(0, shown.length, ...keys.map(({ account }) => account));
    return { accounts: shown };
  };
  const signIn = async (input: SolanaSignInInput) => {
    const key = named(keys, input.address);
    return [await sign(key, textOf(input, key.account.address))];
  };
  const signMessage = async (input: { account: WalletAccount; message: Uint8Array }) => {
    const key = named(keys, input.account.address);
    return [await sign(key, new TextDecoder().decode(input.message))];
  };
  return {
    version: "1.0.0",
    name: will.name ?? "Phantom",
    icon: (will.icon ?? "data:image/png;base64,AAAA") as Wallet["icon"],
    chains: will.chains ?? ["solana:mainnet"],
    accounts: shown,
    features: {
      "standard:connect": { version: "1.0.0", connect },
      ...(can.includes("signIn") && { "solana:signIn": { version: "1.0.0", signIn } }),
      ...(can.includes("signMessage") && {
        "solana:signMessage": { version: "1.0.0", signMessage },
      }),
    },
  };
}

export async function makeSolanaWallet(will: Will = {}): Promise<SolanaWallet> {
  const [found] = solanaWallets([await makeWallet(will)]);
  if (found === undefined) throw new Error("it knows no Solana chain");
  return found;
}
