/** Bytes as the formats of Probatum see them: compared, joined, written in hexadecimal. */

export type Bytes = Uint8Array;

export function hex(bytes: Bytes): string {
  let out = "";
  for (const byte of bytes) out += byte.toString(16).padStart(2, "0");
  return out;
}

/** Hexadecimal of either case; null for anything else. */
export function fromHex(text: string): Bytes | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Bytewise order; a prefix comes before what it begins. */
export function compare(left: Bytes, right: Bytes): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function equal(left: Bytes, right: Bytes): boolean {
  return compare(left, right) === 0;
}

export function concat(...parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function isZero(bytes: Bytes): boolean {
  return bytes.every((byte) => byte === 0);
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Thirty-two zero bytes: "none". */
export const kZeroDigest: Bytes = new Uint8Array(32);
