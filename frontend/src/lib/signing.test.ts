import { afterEach, describe, expect, it, test, vi } from "vitest";
import { decodeBase58, encodeBase58, NotBase58 } from "./base58";
import { readKeyFile, signerFor } from "./signing";
import { cleanText } from "./text";

// RFC 8032, test 1: the empty message.
const hex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (it) => Number.parseInt(it, 16));
const seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const publicKey = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
const signature = hex(
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
);
const secretKey = encodeBase58(Uint8Array.from([...seed, ...publicKey]));

describe("base58", () => {
  test.each([
    [[], ""],
    [[0], "1"],
    [[0, 0, 1], "112"],
    [[...new TextEncoder().encode("Hello World!")], "2NEpo7TZRRrLZSi2U"],
  ])("%j is %s", (bytes, text) => {
    expect(encodeBase58(Uint8Array.from(bytes))).toBe(text);
    expect([...decodeBase58(text)]).toEqual(bytes);
  });

  it("refuses characters that do not belong", () => {
    expect(() => decodeBase58("0OIl")).toThrow(NotBase58);
  });
});

describe("signing", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("makes the signature of the standard's vector", async () => {
    const signer = await signerFor(` ${secretKey}\n`);
    expect(signer.walletAddress).toBe(encodeBase58(publicKey));
    expect(await signer.sign("")).toBe(encodeBase58(signature));
  });

  test.each([
    ["broken into lines", `${secretKey.slice(0, 40)}\n  ${secretKey.slice(40)}\r\n`],
    ["in quotation marks", `"${secretKey}"`],
    ["in the downloaded text", `Auto Trader paper wallet\naddress: A\nsecret key: ${secretKey}\n`],
    ["in that text without its lines", `paper walletaddress: Asecret key: ${secretKey}`],
    ["as a list of bytes", JSON.stringify([...seed, ...publicKey], null, 1)],
  ])("finds a key %s", async (_, text) => {
    expect((await signerFor(text)).walletAddress).toBe(encodeBase58(publicKey));
  });

  it("reads a file of a key and no long one", async () => {
    const file = new File([`secret key: ${secretKey}`], "key.txt");
    expect((await signerFor(await readKeyFile(file))).walletAddress).toBe(encodeBase58(publicKey));
    const long = new File(["x".repeat(5_000)], "film.mp4");
    await expect(readKeyFile(long)).rejects.toThrow("film.mp4 is too long");
  });

  it("says in words what is wrong with a key", async () => {
    await expect(signerFor("not base58!")).rejects.toThrow("This is not a key");
    await expect(signerFor(encodeBase58(seed))).rejects.toThrow("it has 32 bytes");
    await expect(signerFor(encodeBase58(seed.slice(1)))).rejects.toThrow("this one has 31 bytes");
    await expect(signerFor(`${"abandon ".repeat(11)}about`)).rejects.toThrow("recovery phrase");
    const foreign = Uint8Array.from([...seed, ...publicKey.toReversed()]);
    await expect(signerFor(encodeBase58(foreign))).rejects.toThrow("do not belong together");
  });

  it("says so where the browser cannot", async () => {
    const importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"));
    vi.stubGlobal("crypto", { subtle: { importKey } });
    await expect(signerFor(secretKey)).rejects.toThrow("This browser cannot sign with Ed25519");
    vi.stubGlobal("crypto", {});
    await expect(signerFor(secretKey)).rejects.toThrow("https:// pages");
  });
});

test("text of a feed loses what could hide or turn it round, and nothing else", () => {
  expect(cleanText(" WIF\u202E\u0000\u200B <b>🐕</b> ")).toBe("WIF <b>🐕</b>");
  expect(cleanText("x".repeat(30), 10)).toBe(`${"x".repeat(9)}…`);
});
