/** Signs in with a Solana secret key inside the browser: the key goes nowhere. */
import { decodeBase58, encodeBase58, NotBase58 } from "./base58";

export class UnusableKey extends Error {}

const SECRET_KEY_BYTES = 64;
const SEED_BYTES = 32;

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

function readKey(text: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decodeBase58(text.trim());
  } catch (error) {
    if (error instanceof NotBase58) throw new UnusableKey(`This is not a key: ${error.message}.`);
    throw error;
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

/** Reads a base58 secret key of 64 bytes. Raises UnusableKey with words for the person. */
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
