/**
 * Reading CBOR in core deterministic encoding, strictly: one encoding per value, anything else is a Failure with the
 * reason of docs/spec/encoding.md section 1. A pull reader: nothing is allocated because a length says so, and nothing
 * recurses on the input.
 */
import { type Bytes, compare } from "./bytes.js";
import { Failure, demand, fail } from "./failure.js";

const kMaxCount = 1_048_576n;
const kMaxStringBytes = 67_108_864n;
export const kMaxDepth = 16;
/** Of an item that another one embeds: docs/spec/ledger.md section 2. */
export const kEmbeddedDepth = 12;

interface Head { major: number; info: number; argument: bigint }

/** An array or map that is being skipped. `previous` is the last key of a map. */
interface Open { left: number; isMap: boolean; itemStart: number; previous: Bytes | null }

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Reader {
  private at = 0;
  constructor(private readonly bytes: Bytes) {}

  get position(): number { return this.at; }
  atEnd(): boolean { return this.at === this.bytes.length; }

  /** Nothing follows the outermost item. */
  end(): void { demand(this.atEnd(), "malformed", "bytes follow the item"); }

  since(start: number): Bytes { return this.bytes.subarray(start, this.at); }

  /** Major type of the next item, 0 to 7; null at the end. */
  peekMajor(): number | null {
    const first = this.bytes[this.at];
    return first === undefined ? null : first >> 5;
  }

  uint(): bigint {
    const { argument } = this.expect(0);
    return argument;
  }

  /** A signed integer of 64 bits. */
  int(): bigint {
    const { major, argument } = this.head();
    demand(major <= 1 && argument < 1n << 63n, "malformed", "integer");
    return major === 0 ? argument : -1n - argument;
  }

  byteString(): Bytes { return this.string(2); }

  text(): string { return decodeUtf8(this.string(3)); }

  arrayCount(): number { return this.count(4); }

  mapCount(): number { return this.count(5); }

  tag(): bigint { return this.expect(6).argument; }

  bool(): boolean {
    const { info } = this.expect(7);
    demand(info === 20 || info === 21, "malformed", "boolean");
    return info === 21;
  }

  /** Consumes a null if one is next. */
  takeNull(): boolean {
    if (this.bytes[this.at] !== 0xf6) return false;
    this.at++;
    return true;
  }

  /** One item of any shape, with at most `depth` arrays, maps and tags within one another; its bytes. */
  item(depth: number = kMaxDepth): Bytes {
    const start = this.at;
    const open: Open[] = [];
    do {
      if (!this.skipHead(open, depth)) countEnded(open, this);
    } while (open.length > 0);
    return this.since(start);
  }

  /** Steps over a scalar, an empty container (false: an item has ended) or into another one (true). */
  private skipHead(open: Open[], depth: number): boolean {
    const { major, info, argument } = this.head();
    if (major <= 1) return false;
    if (major === 2 || major === 3) {
      const content = this.take(argument);
      if (major === 3) decodeUtf8(content);
      return false;
    }
    if (major === 7) {
      if (info >= 25) checkFloat(info, argument);
      return false;
    }
    demand(open.length < depth, "too_deep");
    if (major === 6 && (argument === 2n || argument === 3n)) this.checkBignum();
    const isMap = major === 5;
    const items = major === 6 ? 1 : this.checkCount(argument, isMap);
    if (items === 0) return false;
    open.push({ left: isMap ? 2 * items : items, isMap, itemStart: this.at, previous: null });
    return true;
  }

  private checkBignum(): void {
    demand(this.peekMajor() === 2, "malformed", "bignum");
    const start = this.at;
    const digits = this.byteString();
    this.at = start;
    demand(digits.length > 8 && digits[0] !== 0, "not_deterministic", "bignum");
  }

  private count(major: number): number {
    return this.checkCount(this.expect(major).argument, major === 5);
  }

  private checkCount(count: bigint, isMap: boolean): number {
    // A count is refused as soon as the bytes that are left cannot hold it: an item has at least one.
    const least = isMap ? 2n * count : count;
    demand(count <= kMaxCount, "too_large", "count");
    demand(least <= BigInt(this.bytes.length - this.at), "malformed", "count beyond the bytes");
    return Number(count);
  }

  private string(major: number): Bytes { return this.take(this.expect(major).argument); }

  private take(length: bigint): Bytes {
    demand(length <= kMaxStringBytes, "too_large", "string");
    demand(length <= BigInt(this.bytes.length - this.at), "malformed", "string beyond the bytes");
    const start = this.at;
    this.at += Number(length);
    return this.since(start);
  }

  private expect(major: number): Head {
    const found = this.head();
    demand(found.major === major, "malformed", `major type ${found.major}, not ${major}`);
    return found;
  }

  private head(): Head {
    const first = this.byte();
    const major = first >> 5;
    const info = first & 31;
    if (info < 24) return { major, info, argument: BigInt(info) };
    if (info === 31 && major >= 2 && major <= 5) fail("not_deterministic", "indefinite length");
    demand(info <= 27, "malformed", "additional information");
    let argument = 0n;
    for (let i = 1 << (info - 24); i > 0; i--) argument = (argument << 8n) | BigInt(this.byte());
    if (major === 7) {
      demand(info !== 24 || argument >= 32n, "malformed", "simple value");
      return { major, info: info === 24 ? 24 : info, argument };
    }
    const least = info === 24 ? 24n : 1n << BigInt(8 << (info - 25));
    demand(argument >= least, "not_deterministic", "longer head than needed");
    return { major, info, argument };
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    demand(byte !== undefined, "malformed", "the bytes end early");
    this.at++;
    return byte;
  }
}

/** An item has ended: counts it, and every array, map and tag that ended with it. */
function countEnded(open: Open[], reader: Reader): void {
  for (let top = open[open.length - 1]; top !== undefined; top = open[open.length - 1]) {
    // An even number of items left in a map: what ended is a key.
    if (top.isMap && top.left % 2 === 0) {
      const key = reader.since(top.itemStart);
      if (top.previous !== null) checkKeyOrder(top.previous, key);
      top.previous = key;
    }
    top.left--;
    top.itemStart = reader.position;
    if (top.left > 0) return;
    open.pop();
  }
}

export function checkKeyOrder(previous: Bytes, key: Bytes): void {
  const order = compare(previous, key);
  demand(order !== 0, "malformed", "a key twice");
  demand(order < 0, "not_deterministic", "order of keys");
}

function decodeUtf8(bytes: Bytes): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new Failure("malformed", "text is not UTF-8");
  }
}

/** The shortest of three widths that keeps the value; the payload of a NaN counts as value. */
function checkFloat(info: number, bits: bigint): void {
  if (info === 25) return;
  const [width, exponentBits, fractionBits] = info === 26 ? [32n, 8n, 23n] : [64n, 11n, 52n];
  const narrow = info === 26 ? { exponent: 5n, fraction: 10n } : { exponent: 8n, fraction: 23n };
  const exponent = (bits >> fractionBits) & ((1n << exponentBits) - 1n);
  const fraction = bits & ((1n << fractionBits) - 1n);
  demand(!fitsNarrower({ exponent, fraction, exponentBits, fractionBits }, narrow), "not_deterministic", `float of ${width} bits`);
}

function fitsNarrower(
  wide: { exponent: bigint; fraction: bigint; exponentBits: bigint; fractionBits: bigint },
  narrow: { exponent: bigint; fraction: bigint },
): boolean {
  const dropped = wide.fractionBits - narrow.fraction;
  const lowBitsZero = (wide.fraction & ((1n << dropped) - 1n)) === 0n;
  const allOnes = (1n << wide.exponentBits) - 1n;
  if (wide.exponent === allOnes) return lowBitsZero;
  if (wide.exponent === 0n) return wide.fraction === 0n;
  const unbiased = wide.exponent - ((1n << (wide.exponentBits - 1n)) - 1n);
  const largest = (1n << (narrow.exponent - 1n)) - 1n;
  const least = 1n - largest;
  if (unbiased > largest) return false;
  if (unbiased >= least) return lowBitsZero;
  // A subnormal of the narrower width: the leading one moves into its fraction.
  const shift = dropped + (least - unbiased);
  if (shift > wide.fractionBits) return false;
  return (wide.fraction & ((1n << shift) - 1n)) === 0n;
}

/** Runs `read` over all of `bytes`: what it reads must be the one outermost item. */
export function decode<T>(bytes: Bytes, read: (reader: Reader) => T): T {
  const reader = new Reader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}
