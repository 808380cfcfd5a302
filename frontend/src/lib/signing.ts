/** Signs in with a Solana secret key inside the browser: the key goes nowhere. */
import { decodeBase58, encodeBase58, NotBase58 } from "./base58";

export class UnusableKey extends Error {}

const SECRET_KEY_BYTES = 64;
const SEED_BYTES = 32;
const LONGEST_FILE = 4_096;

/** As in the file that the dashboard lets people download. */
const namedKey = /secret key:\s*([1-9A-HJ-NP-Za-km-z]+)/i;
const byteList = /^\[\d{1,3}(,\d{1,3}){63}\]$/;
const phrase = /^[a-z]+(\s+[a-z]+){11,23}$/;

export interface Signer {
  walletAddress: string;
  sign(message: string): Promise<string>;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Decodes base58, or the list of bytes that command line wallets write. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (byteList.test(text)) return Uint8Array.from(JSON.parse(text));
  try {
    return decodeBase58(text);
  } catch (error) {
    if (error instanceof NotBase58) throw new UnusableKey(`This is not a key: ${error.message}.`);
    throw error;
  }
}

/** Finds the key in what was pasted or in a file: the downloaded text, or the key alone. */
function keyIn(text: string): string {
  const named = namedKey.exec(text)?.[1];
  if (named !== undefined) return named;
  if (phrase.test(text.trim())) {
    throw new UnusableKey(
      "This looks like the recovery phrase of a wallet. Never give it to any page: this one does not want it.",
    );
  }
  return text.replace(/[\s"']/g, "");
}

function readKey(text: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(keyIn(text));
  if (bytes.length === SEED_BYTES) {
    throw new UnusableKey(
      "This looks like a wallet's address: it has 32 bytes. The secret key has 64, 87 or 88 characters long.",
    );
  }
  if (bytes.length !== SECRET_KEY_BYTES) {
    throw new UnusableKey(
      `A secret key has 64 bytes, 87 or 88 characters long; this one has ${bytes.length} bytes.`,
    );
  }
  return bytes;
}

async function importKey(bytes: Uint8Array): Promise<CryptoKey> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new UnusableKey("Browsers sign only on https:// pages and on 127.0.0.1 or localhost.");
  }
  const key = {
    kty: "OKP",
    crv: "Ed25519",
    d: base64Url(bytes.subarray(0, SEED_BYTES)),
    x: base64Url(bytes.subarray(SEED_BYTES)),
  };
  try {
    return await crypto.subtle.importKey("jwk", key, { name: "Ed25519" }, false, ["sign"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") {
      throw new UnusableKey(
        "This browser cannot sign with Ed25519. Chrome 137, Firefox 129, Safari 17 and newer can.",
      );
    }
    throw new UnusableKey("The two halves of this key do not belong together.");
  }
}

/** The text of a file that holds a key. Raises UnusableKey for one that cannot. */
export async function readKeyFile(file: File): Promise<string> {
  if (file.size > LONGEST_FILE) {
    throw new UnusableKey(
      `${file.name} is too long for a key. Choose the file that was downloaded.`,
    );
  }
  return await file.text();
}

/**
 * Reads a secret key of 64 bytes: base58, the downloaded text, or a list of bytes.
 * Raises UnusableKey with words for the person.
 */
export async function signerFor(secretKey: string): Promise<Signer> {
  const bytes = readKey(secretKey);
  const key = await importKey(bytes);
  return {
    walletAddress: encodeBase58(bytes.subarray(SEED_BYTES)),
    async sign(message) {
      const signature = await crypto.subtle.sign(
        { name: "Ed25519" },
        key,
        new TextEncoder().encode(message),
      );
      return encodeBase58(new Uint8Array(signature));
    },
  };
}
