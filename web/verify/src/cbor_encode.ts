/** Writing deterministic CBOR: docs/spec/encoding.md section 1. Every function gives the bytes of one item. */
import { type Bytes, concat, utf8 } from "./bytes.js";

export function head(major: number, argument: bigint): Bytes {
  const first = major << 5;
  if (argument < 24n) return Uint8Array.of(first | Number(argument));
  const width = argument < 0x100n ? 1 : argument < 0x10000n ? 2 : argument < 0x100000000n ? 4 : 8;
  const out = new Uint8Array(1 + width);
  out[0] = first | (24 + Math.log2(width));
  for (let i = width; i > 0; i--, argument >>= 8n) out[i] = Number(argument & 0xffn);
  return out;
}

export function encodeInt(value: bigint): Bytes {
  return value >= 0n ? head(0, value) : head(1, -1n - value);
}

export function encodeBytes(value: Bytes): Bytes {
  return concat(head(2, BigInt(value.length)), value);
}

export function encodeText(value: string): Bytes {
  const bytes = utf8(value);
  return concat(head(3, BigInt(bytes.length)), bytes);
}

export function encodeArray(items: readonly Bytes[]): Bytes {
  return concat(head(4, BigInt(items.length)), ...items);
}

/** The pairs as given: the caller puts the keys in the order of their encodings. */
export function encodeMap(pairs: readonly (readonly [Bytes, Bytes])[]): Bytes {
  return concat(head(5, BigInt(pairs.length)), ...pairs.flat());
}

export function encodeTag(number: bigint, item: Bytes): Bytes {
  return concat(head(6, number), item);
}

/** A date: days since 1970-01-01 under tag 100 (RFC 8943). */
export function encodeDate(days: number): Bytes {
  return encodeTag(100n, encodeInt(BigInt(days)));
}

export function encodeBool(value: boolean): Bytes { return Uint8Array.of(value ? 0xf5 : 0xf4); }

export const kNull: Bytes = Uint8Array.of(0xf6);
