/** The common shapes of docs/formats.cddl, read from a Reader. Sizes of texts count bytes. */
import { type Bytes, compare, hex, utf8 } from "./bytes.js";
import { type Reader, checkKeyOrder } from "./cbor.js";
import { encodeInt, encodeText } from "./cbor_encode.js";
import { demand } from "./failure.js";

/** An array of exactly `count` items. */
export function tuple(reader: Reader, count: number): void {
  demand(reader.arrayCount() === count, "malformed", `array of ${count}`);
}

export interface Bounds { least?: number; most: number }

export function list<T>(reader: Reader, bounds: Bounds, read: (reader: Reader) => T): T[] {
  const count = reader.arrayCount();
  demand(count <= bounds.most, "too_large", "elements");
  demand(count >= (bounds.least ?? 0), "malformed", "elements");
  const out: T[] = [];
  for (let i = 0; i < count; i++) out.push(read(reader));
  return out;
}

export function fixedBytes(reader: Reader, length: number): Bytes {
  const bytes = reader.byteString();
  demand(bytes.length === length, "malformed", `${bytes.length} bytes, not ${length}`);
  return bytes;
}

export function digest(reader: Reader): Bytes { return fixedBytes(reader, 32); }
export function publicKey(reader: Reader): Bytes { return fixedBytes(reader, 33); }

export function boundedText(reader: Reader, least: number, most: number): string {
  const text = reader.text();
  const size = utf8(text).length;
  demand(size >= least && size <= most, "malformed", `text of ${size} bytes`);
  return text;
}

export function name64(reader: Reader): string { return boundedText(reader, 1, 64); }

/** A text of an action's body: no control characters (docs/spec/contracts.md section 1). */
export function plainText(reader: Reader, most: number): string {
  const text = boundedText(reader, 1, most);
  // eslint-disable-next-line no-control-regex
  demand(!/[\u0000-\u001f\u007f-\u009f]/.test(text), "malformed", "control characters");
  return text;
}

/** An unsigned number that fits what a JavaScript number holds exactly. */
export function smallUint(reader: Reader, most: number = Number.MAX_SAFE_INTEGER): number {
  const value = reader.uint();
  demand(value <= BigInt(most), "malformed", `${value} is above ${most}`);
  return Number(value);
}

export function numberFrom(reader: Reader, least: number, most: number): number {
  const value = smallUint(reader, most);
  demand(value >= least, "malformed", `${value} is below ${least}`);
  return value;
}

export function nullable<T>(reader: Reader, read: (reader: Reader) => T): T | null {
  return reader.takeNull() ? null : read(reader);
}

const kFirstDay = -25567; // 1900-01-01
const kLastDay = 157419; // 2400-12-31

/** Days since 1970-01-01 under tag 100, in the years 1900 to 2400. */
export function date(reader: Reader): number {
  demand(reader.tag() === 100n, "malformed", "date");
  const days = reader.int();
  demand(days >= kFirstDay && days <= kLastDay, "malformed", "date");
  return Number(days);
}

/** A map whose keys are small unsigned numbers: `fields` reads each of them; a key it does not have is refused. */
export function record(reader: Reader, fields: ReadonlyMap<number, (reader: Reader) => void>, required: readonly number[]): void {
  const count = reader.mapCount();
  const seen = new Set<number>();
  let previous: Bytes | null = null;
  for (let i = 0; i < count; i++) {
    const key = Number(reader.uint());
    const encoded = encodeInt(BigInt(key));
    if (previous !== null) checkKeyOrder(previous, encoded);
    previous = encoded;
    const read = fields.get(key);
    demand(read !== undefined, "malformed", `key ${key}`);
    seen.add(key);
    read(reader);
  }
  for (const key of required) demand(seen.has(key), "malformed", `key ${key} is missing`);
}

/** A map from names to values, the names in the order of their encodings. */
export function named<T>(reader: Reader, most: number, readValue: (reader: Reader) => T): Map<string, T> {
  const count = reader.mapCount();
  demand(count <= most, "too_large", "pairs");
  const out = new Map<string, T>();
  let previous: Bytes | null = null;
  for (let i = 0; i < count; i++) {
    const name = name64(reader);
    const encoded = encodeText(name);
    if (previous !== null) checkKeyOrder(previous, encoded);
    previous = encoded;
    out.set(name, readValue(reader));
  }
  return out;
}

export function ascendStrictly(items: readonly Bytes[]): boolean {
  return items.every((item, i) => i === 0 || compare(items[i - 1]!, item) < 0);
}

export function distinct(items: readonly Bytes[]): boolean {
  return new Set(items.map(hex)).size === items.length;
}
