/** Signs in with a wallet: connect, ask the platform for a message, sign it, hand it in. */
import {
  SolanaSignIn,
  type SolanaSignInFeature,
  SolanaSignMessage,
  type SolanaSignMessageFeature,
} from "@solana/wallet-standard-features";
import type { WalletAccount } from "@wallet-standard/base";
import { StandardConnect, type StandardConnectFeature } from "@wallet-standard/features";
import type { ChallengeOut, LoginIn, LoginOut } from "@/api/generated";
import { encodeBase58 } from "@/lib/base58";
import { shortAddress } from "@/lib/format";
import type { SolanaWallet, Way } from "./discovery";
import { hardware, thrownBy, WalletTrouble, wrongClock } from "./trouble";

/** What the platform does for it. */
export interface Door {
  challenge: (address: string) => Promise<ChallengeOut>;
  login: (body: LoginIn) => Promise<LoginOut>;
}

export type Stage = "ask" | "sign" | "check";

export interface Asked {
  wallet: SolanaWallet;
  account: WalletAccount;
  way: Way;
  door: Door;
  /** Tells how far it is. */
  onStage: (stage: Stage) => void;
  /** Where the page stands, such as 127.0.0.1:8000. */
  host: string;
}

export interface Entered {
  walletAddress: string;
  sol: number;
  /** It signed in for the first time. */
  isNew: boolean;
}

interface Signed {
  address: string;
  bytes: Uint8Array;
  signature: Uint8Array;
}

const REFUSED = 401;
const OFFCHAIN = "\xffsolana offchain";

type Features = Partial<SolanaSignInFeature & SolanaSignMessageFeature & StandardConnectFeature>;

const featuresOf = ({ wallet }: SolanaWallet) => wallet.features as Features;

const isForSolana = (account: WalletAccount) =>
  account.chains.some((chain) => chain.startsWith("solana:"));

/** Asks a wallet for its accounts; the person may choose in the wallet which it shows. */
export async function connect(wallet: SolanaWallet): Promise<WalletAccount[]> {
  const feature = featuresOf(wallet)[StandardConnect];
  if (feature === undefined || wallet.ways.length === 0) {
    throw new WalletTrouble(`${wallet.name} cannot sign texts. ${hardware}`);
  }
  let accounts: readonly WalletAccount[];
  try {
    ({ accounts } = await feature.connect());
  } catch (error) {
    throw thrownBy(wallet, error, "connect");
  }
  const usable = accounts.filter(isForSolana);
  if (usable.length === 0) {
    throw new WalletTrouble(`${wallet.name} showed no Solana account. Add or choose one there.`);
  }
  return usable;
}

async function signText(wallet: SolanaWallet, { fields }: ChallengeOut): Promise<Signed> {
  const feature = featuresOf(wallet)[SolanaSignIn];
  const [output] = (await feature?.signIn(fields)) ?? [];
  if (output === undefined) throw new Error("no answer");
  const { account, signedMessage, signature } = output;
  return { address: account.address, bytes: signedMessage, signature };
}

async function signBytes(wallet: SolanaWallet, account: WalletAccount, message: string) {
  const feature = featuresOf(wallet)[SolanaSignMessage];
  const bytes = new TextEncoder().encode(message);
  const [output] = (await feature?.signMessage({ account, message: bytes })) ?? [];
  if (output === undefined) throw new Error("no answer");
  return { address: account.address, bytes: output.signedMessage, signature: output.signature };
}

async function signed({ wallet, account, way }: Asked, issued: ChallengeOut): Promise<Signed> {
  try {
    return await (way === "text"
      ? signText(wallet, issued)
      : signBytes(wallet, account, issued.message));
  } catch (error) {
    const trouble = thrownBy(wallet, error, "sign");
    const clock = wrongClock(issued.fields.issuedAt, Date.now());
    throw clock === null ? trouble : new WalletTrouble(`${trouble.message} ${clock}`);
  }
}

function differs({ name, ways }: SolanaWallet, way: Way): WalletTrouble {
  const words = `${name} signed another text than the platform asked for, so it was not accepted.`;
  const canOther = way === "text" && ways.includes("bytes");
  return new WalletTrouble(words, canOther ? "bytes" : null);
}

/** The text that was signed; a wallet may have put something around it. */
function textOf(bytes: Uint8Array, { wallet, way }: Asked): string {
  const start = String.fromCharCode(...bytes.subarray(0, OFFCHAIN.length));
  if (start === OFFCHAIN) {
    throw new WalletTrouble(`${wallet.name} signed with the prefix of its device. ${hardware}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw differs(wallet, way);
    throw error;
  }
}

/** The wallet must still show the account: it may have been switched while the platform was asked. */
function mustStillShow(wallet: SolanaWallet, { address }: WalletAccount) {
  const { accounts } = wallet.wallet;
  const isGone = accounts.length > 0 && accounts.every((account) => account.address !== address);
  if (isGone) throw changed(wallet, address);
}

const changed = ({ name }: SolanaWallet, address: string) =>
  new WalletTrouble(
    `The account in ${name} changed: ${shortAddress(address)} was asked for. Press ${name} again to sign in with the one that it shows now.`,
  );

const isRefused = (error: unknown) =>
  error instanceof Error && "status" in error && error.status === REFUSED;

/** Why the platform did not take a signature: it never says, but here more is known. */
function refused({ wallet, way }: Asked, issued: ChallengeOut, text: string, took: number) {
  const valid = Date.parse(issued.expires_at) - Date.parse(issued.fields.issuedAt);
  if (took >= valid) {
    const minutes = Math.round(valid / 60_000);
    return new WalletTrouble(`Signing took more than ${minutes} minutes. Try again.`);
  }
  if (text !== issued.message) return differs(wallet, way);
  return new WalletTrouble(
    `The platform did not accept the signature of ${wallet.name}. Perhaps the account was switched meanwhile: try again.`,
  );
}

/** Raises WalletTrouble with words for the person, or what a request failed with. */
export async function signInWithWallet(asked: Asked): Promise<Entered> {
  const { wallet, account, door, onStage, host } = asked;
  onStage("ask");
  const since = performance.now();
  const issued = await door.challenge(account.address);
  if (issued.fields.domain !== host) {
    throw new WalletTrouble(
      `The platform calls itself ${issued.fields.domain}, and this page is at ${host}: a wallet would refuse that. Open it under its own name, or add this one to AUTOTRADER_PUBLIC_ORIGINS.`,
    );
  }
  mustStillShow(wallet, account);
  onStage("sign");
  const { address, bytes, signature } = await signed(asked, issued);
  if (address !== account.address) throw changed(wallet, account.address);
  const message = textOf(bytes, asked);
  onStage("check");
  try {
    const answer = await door.login({
      wallet_address: account.address,
      message,
      signature: encodeBase58(signature),
    });
    return {
      walletAddress: answer.wallet_address,
      sol: answer.initial_sol_balance,
      isNew: answer.is_new,
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw refused(asked, issued, message, performance.now() - since);
  }
}
