/** Base58 with Solana's alphabet, for keys of a few dozen bytes. */
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export class NotBase58 extends Error {}

/** Carries the digits of a number from one base to another; leading zeros are the caller's. */
function convert(digits: Iterable<number>, from: number, to: number): number[] {
  const result: number[] = [];
  for (const digit of digits) {
    let carry = digit;
    for (const [index, value] of result.entries()) {
      carry += value * from;
      result[index] = carry % to;
      carry = Math.floor(carry / to);
    }
    for (; carry > 0; carry = Math.floor(carry / to)) result.push(carry % to);
  }
  return result.reverse();
}

function leading<T>(values: Iterable<T>, zero: T): number {
  let count = 0;
  for (const value of values) {
    if (value !== zero) break;
    count += 1;
  }
  return count;
}

export function encodeBase58(bytes: Uint8Array): string {
  const digits = convert(bytes, 256, 58).map((digit) => alphabet[digit]);
  return "1".repeat(leading(bytes, 0)) + digits.join("");
}

/** Raises NotBase58 when a character does not belong. */
export function decodeBase58(text: string): Uint8Array<ArrayBuffer> {
  const digits = [...text].map((character) => alphabet.indexOf(character));
  if (digits.includes(-1))
    throw new NotBase58("a key has only letters and digits, without 0 O I l");
  const zeros = Array<number>(leading(text, "1")).fill(0);
  return Uint8Array.from([...zeros, ...convert(digits, 58, 256)]);
}
