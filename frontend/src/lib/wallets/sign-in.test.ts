import { beforeEach, expect, it, test, vi } from "vitest";
import type { ChallengeOut, LoginIn } from "@/api/generated";
import { makeSolanaWallet, textOf, type Will } from "./fake";
import { connect, type Door, type Stage, signInWithWallet } from "./sign-in";

const HOST = "127.0.0.1:8000";
const MINUTE = 60_000;

class Refused extends Error {
  constructor(readonly status: number) {
    super("The message is not one of ours.");
  }
}

const handedIn: LoginIn[] = [];
beforeEach(() => {
  handedIn.length = 0;
});

function issue(address: string, domain = HOST, since = Date.now()): ChallengeOut {
  const fields = {
    domain,
    address,
    statement: "Sign in to Auto Trader.",
    uri: `http://${domain}`,
    version: "1",
    chainId: "solana:mainnet",
    nonce: "f81d4fae7dec11d0a76500a0c91e6bf6",
    issuedAt: new Date(since).toISOString(),
    expirationTime: new Date(since + 5 * MINUTE).toISOString(),
  } as const;
  const message = textOf(fields, address);
  return { wallet_address: address, message, fields, expires_at: fields.expirationTime };
}

const answer = ({ wallet_address }: LoginIn, isNew: boolean) => ({
  wallet_address,
  initial_sol_balance: 10,
  created_at: "",
  is_new: isNew,
  token: null,
  expires_at: "",
});

/** A platform that takes what it issued, of a wallet that comes for the first time or not. */
function doorOf(changes: Partial<Door> = {}, isNew = true): Door {
  const issued = new Set<string>();
  return {
    challenge: async (address) => {
      const made = issue(address);
      issued.add(made.message);
      return made;
    },
    login: async (body) => {
      handedIn.push(body);
      if (!issued.has(body.message)) throw new Refused(401);
      return answer(body, isNew);
    },
    ...changes,
  };
}

async function tryWith(will: Will, door = doorOf()) {
  const wallet = await makeSolanaWallet(will);
  const [account] = await connect(wallet);
  const [way] = wallet.ways;
  if (account === undefined || way === undefined) throw new Error("a wallet that cannot sign");
  const stages: Stage[] = [];
  const onStage = (stage: Stage) => stages.push(stage);
  const entered = await signInWithWallet({ wallet, account, way, door, onStage, host: HOST });
  return { entered, stages, address: account.address };
}

const rejected = () => {
  throw Object.assign(new Error("User rejected the request."), { code: 4001 });
};

test.each([
  ["writes the text itself", { can: ["signIn", "signMessage"] }],
  ["signs ours as it is", { can: ["signMessage"] }],
] satisfies [string, Will][])("a wallet that %s gets in", async (_, will) => {
  const { entered, stages, address } = await tryWith(will);
  expect(entered).toEqual({ walletAddress: address, sol: 10, isNew: true });
  expect(stages).toEqual(["ask", "sign", "check"]);
  expect(handedIn[0]?.signature).toMatch(/^[1-9A-HJ-NP-Za-km-z]{86,88}$/);
  expect(handedIn[0]?.message).toContain(`\n${address}\n`);
});

it("knows one that came before", async () => {
  const { entered } = await tryWith({}, doorOf({}, false));
  expect(entered.isNew).toBe(false);
});

test.each([
  ["declines to connect", { onConnect: rejected }, "You declined to connect in Phantom."],
  ["declines to sign", { onSign: rejected }, "You declined to sign in Phantom."],
  ["shows no account", { accounts: 0 }, "Phantom showed no Solana account"],
  ["cannot sign texts", { can: [] }, "Hardware wallets often sign transactions only"],
  ["signs with another account", { accounts: 2, signsWith: 1 }, "The account in Phantom changed"],
  [
    "is a device",
    {
      onSign: () => {
        throw new Error("Ledger: not supported");
      },
    },
    "Choose an account that the wallet keeps itself",
  ],
  [
    "signs with the prefix of a device",
    { can: ["signMessage"], prefix: [255, ...new TextEncoder().encode("solana offchain")] },
    "signed with the prefix of its device",
  ],
  [
    "fails in its own words",
    {
      onSign: () => {
        throw new Error("Vault \u202Eis locked");
      },
    },
    "It says: “Vault is locked”",
  ],
  [
    "fails without a word",
    {
      onSign: () => {
        throw {};
      },
    },
    "Unlock it and try again",
  ],
  ["signs what is no text", { can: ["signMessage"], prefix: [0xc0] }, "signed another text"],
] satisfies [string, Will, string][])("a wallet that %s is told of", async (_, will, words) => {
  await expect(tryWith(will)).rejects.toThrow(words);
  expect(handedIn).toEqual([]);
});

it("offers our own text where a wallet wrote another", async () => {
  const rewrite = (text: string) => text.replace("Version: 1", "Version: 2");
  const failure = tryWith({ rewrite });
  await expect(failure).rejects.toThrow("signed another text than the platform asked for");
  await expect(failure).rejects.toMatchObject({ otherWay: "bytes" });
  await expect(tryWith({ rewrite, can: ["signIn"] })).rejects.toMatchObject({ otherWay: null });
});

it("hands in what a wallet wrote in its own way: the platform decides", async () => {
  const { login } = doorOf({}, false);
  const lenient: Door["login"] = (body) => login(body).catch(() => answer(body, false));
  const rewrite = (text: string) => text.replace(/\.\d{3}Z/g, "Z");
  const { entered, address } = await tryWith({ rewrite }, doorOf({ login: lenient }));
  expect(entered.walletAddress).toBe(address);
  expect(handedIn[0]?.message).toMatch(/\d\dZ$/);
});

it("notices that the account was switched while the platform was asked", async () => {
  const wallet = await makeSolanaWallet({ accounts: 2 });
  const [first, second] = await connect(wallet);
  if (first === undefined || second === undefined) throw new Error("two were made");
  const shown = wallet.wallet.accounts as unknown[];
  const challenge = async (address: string) => {
    shown.splice(0, 2, second);
    return issue(address);
  };
  const asked = { wallet, account: first, way: "text", onStage: () => {}, host: HOST } as const;
  const failure = signInWithWallet({ ...asked, door: doorOf({ challenge }) });
  await expect(failure).rejects.toThrow("Press Phantom again");
});

it("says so where the page stands under another name than the platform's", async () => {
  const challenge = async (address: string) => issue(address, "trader.example");
  await expect(tryWith({}, doorOf({ challenge }))).rejects.toThrow(
    "calls itself trader.example, and this page is at 127.0.0.1:8000",
  );
});

it("blames the clock where it is wrong", async () => {
  const challenge = async (address: string) => issue(address, HOST, Date.now() + 12 * MINUTE);
  const onSign = () => {
    throw new Error("issuedAt is in the future");
  };
  await expect(tryWith({ onSign }, doorOf({ challenge }))).rejects.toThrow(
    "clock is 12 min behind the platform's",
  );
});

it("says what a refusal may mean, and what it means after five minutes", async () => {
  const login = () => Promise.reject(new Refused(401));
  await expect(tryWith({}, doorOf({ login }))).rejects.toThrow("did not accept the signature");
  const clock = vi.spyOn(performance, "now");
  const onSign = () => clock.mockReturnValue(10 * MINUTE);
  clock.mockReturnValue(0);
  await expect(tryWith({ onSign: () => void onSign() }, doorOf({ login }))).rejects.toThrow(
    "Signing took more than 5 minutes",
  );
});

it("lets a platform that does not answer speak for itself", async () => {
  const challenge = () => Promise.reject(new Error("The platform does not answer."));
  await expect(tryWith({}, doorOf({ challenge }))).rejects.toThrow("The platform does not answer.");
  const login = () => Promise.reject(new Refused(503));
  await expect(tryWith({}, doorOf({ login }))).rejects.toThrow("not one of ours");
});
