/** Bodies of actions and their sealed fields: docs/spec/contracts.md section 1, docs/formats.cddl section "Actions". */
import { type Bytes, compare, utf8 } from "../bytes.js";
import { type Reader, decode, kEmbeddedDepth } from "../cbor.js";
import { encodeArray, encodeBytes, encodeInt } from "../cbor_encode.js";
import { demand, fail } from "../failure.js";
import {
  ascendStrictly, date, digest, fixedBytes, list, name64, named, numberFrom, plainText, record, smallUint, tuple,
} from "../shape.js";

export interface Digests { sha256: Bytes | null; sm3: Bytes | null }
export interface DocumentRef extends Digests { name: string; mediaType: string }

export interface Party { organisation: string; capacity: number }
export const kLender = 1;
export const kBorrower = 2;
export const kGuarantor = 3;
export const kSettlementBank = 4;

export interface Provenance { texts: Map<number, string>; method: number | null; capturedAt: bigint | null; original: Digests | null; originalSize: bigint | null; references: [string, string][]; witnesses: Bytes[] }

export interface LoanRegistration {
  currency: string; contractDate: number; utcOffsetMinutes: number; allocation: number[]; maxBackValueDays: number | null;
}
export interface Registration {
  number: string; parties: Party[]; kind: string; documents: DocumentRef[]; links: { relation: number; contract: Bytes }[];
  /** Null for a kind that this verifier does not know. */
  loan: LoanRegistration | null;
}

export type Detail =
  | { is: "deposit"; document: DocumentRef; provenance: Provenance | null }
  | { is: "register"; registration: Registration }
  | { is: "sign"; documents: Bytes }
  | { is: "approve"; capacity: number }
  | { is: "activate" | "settle" | "other" }
  | { is: "disburse" | "repay"; currency: string }
  | { is: "acknowledge"; target: bigint; accept: boolean };

export interface Body {
  detail: Detail;
  sealed: Map<string, Bytes>;
  side: Map<string, Bytes>;
  /** False where sealed fields may stand that this verifier does not know. */
  supported: boolean;
}

type Fields = [number, (reader: Reader) => void][];

/** Reads a body's map: its own fields, and the side map that every body may have. */
function readBody(bytes: Bytes, fields: Fields, required: number[]): Map<string, Bytes> {
  const side = new Map<string, Bytes>();
  const all = new Map<number, (reader: Reader) => void>([...fields, [23, (reader) => readSide(reader, side)]]);
  decode(bytes, (reader) => record(reader, all, required));
  return side;
}

function readSide(reader: Reader, side: Map<string, Bytes>): void {
  for (const [name, value] of named(reader, 64, digest)) side.set(name, value);
  demand(side.size > 0, "malformed", "side fields");
}

const kSha256 = -16n;
const kSm3 = -70016n;

function readDigests(reader: Reader): Digests {
  const out: Digests = { sha256: null, sm3: null };
  let previous = 0;
  list(reader, { least: 1, most: 8 }, () => {
    tuple(reader, 2);
    const algorithm = reader.int();
    const position = algorithm === kSha256 ? 1 : algorithm === kSm3 ? 2 : fail("unknown_algorithm");
    demand(position > previous, "malformed", "order of digests");
    previous = position;
    out[position === 1 ? "sha256" : "sm3"] = digest(reader);
  });
  return out;
}

export function encodeDigests(digests: Digests): Bytes {
  const items: Bytes[] = [];
  if (digests.sha256 !== null) items.push(encodeArray([encodeInt(kSha256), encodeBytes(digests.sha256)]));
  if (digests.sm3 !== null) items.push(encodeArray([encodeInt(kSm3), encodeBytes(digests.sm3)]));
  return encodeArray(items);
}

function readProvenance(reader: Reader): Provenance {
  const out: Provenance = { texts: new Map(), method: null, capturedAt: null, original: null, originalSize: null, references: [], witnesses: [] };
  const text = (key: number): [number, (reader: Reader) => void] => [key, (r) => { out.texts.set(key, plainText(r, 128)); }];
  record(reader, new Map([
    text(1), text(2), text(3),
    [4, (r) => { out.method = numberFrom(r, 1, 3); }],
    [5, (r) => { out.capturedAt = r.uint(); }],
    [6, (r) => { out.original = readDigests(r); }],
    [7, (r) => { out.originalSize = r.uint(); }],
    [8, (r) => { out.references = list(r, { least: 1, most: 16 }, readReference); }],
    [9, (r) => { out.witnesses = list(r, { least: 1, most: 16 }, digest); }],
  ]), []);
  demand(ascendStrictly(out.witnesses), "malformed", "order of witnesses");
  return out;
}

function readReference(reader: Reader): [string, string] {
  tuple(reader, 2);
  const kind = plainText(reader, 64);
  return [kind, plainText(reader, 128)];
}

function deposit(bytes: Bytes): Body {
  let digests: Digests = { sha256: null, sm3: null };
  let provenance: Provenance | null = null;
  let [media, title] = ["", ""];
  const side = readBody(bytes, [
    [1, (reader) => { digests = readDigests(reader); }],
    [2, (reader) => { reader.uint(); }],
    [3, (reader) => { media = plainText(reader, 128); }],
    [4, (reader) => { title = plainText(reader, 256); }],
    [5, (reader) => { provenance = readProvenance(reader); }],
  ], [1, 2, 3]);
  const document = { ...digests, name: title === "" ? media : title, mediaType: media };
  return { detail: { is: "deposit", document, provenance }, sealed: new Map(), side, supported: true };
}

function readParty(reader: Reader): Party {
  tuple(reader, 2);
  const organisation = name64(reader);
  return { organisation, capacity: numberFrom(reader, kLender, kSettlementBank) };
}

function readDocument(reader: Reader): DocumentRef {
  tuple(reader, 3);
  const digests = readDigests(reader);
  const name = plainText(reader, 256);
  return { ...digests, name, mediaType: plainText(reader, 128) };
}

function readLink(reader: Reader): { relation: number; contract: Bytes } {
  tuple(reader, 2);
  const relation = numberFrom(reader, 1, 3);
  return { relation, contract: digest(reader) };
}

function readCurrency(reader: Reader): string {
  const currency = plainText(reader, 3);
  demand(utf8(currency).length === 3, "malformed", "currency");
  return currency;
}

function readOffset(reader: Reader): number {
  const minutes = reader.int();
  demand(minutes >= -1439n && minutes <= 1439n, "malformed", "offset");
  return Number(minutes);
}

function readLoan(bytes: Bytes, sealed: Map<string, Bytes>): LoanRegistration {
  const out: LoanRegistration = { currency: "", contractDate: 0, utcOffsetMinutes: 0, allocation: [], maxBackValueDays: null };
  const fields = new Map<number, (reader: Reader) => void>([
    [1, (r) => { out.currency = readCurrency(r); }],
    [2, (r) => { out.contractDate = date(r); }],
    [3, (r) => { out.utcOffsetMinutes = readOffset(r); }],
    [4, (r) => { sealed.set("principal", digest(r)); }],
    [5, (r) => { sealed.set("rows", digest(r)); }],
    [6, (r) => { out.allocation = list(r, { most: 3 }, () => numberFrom(r, 1, 3)); }],
    [7, (r) => { out.maxBackValueDays = smallUint(r, 36500); }],
  ]);
  decode(bytes, (reader) => record(reader, fields, [1, 2, 3, 4, 5, 6]));
  return out;
}

function register(bytes: Bytes): Body {
  const out: Registration = { number: "", parties: [], kind: "", documents: [], links: [], loan: null };
  let terms: Bytes = new Uint8Array(0);
  const side = readBody(bytes, [
    [1, (r) => { out.number = plainText(r, 64); }],
    [2, (r) => { out.parties = list(r, { most: 16 }, readParty); }],
    [3, (r) => { out.kind = plainText(r, 64); }],
    [4, (r) => { terms = r.item(kEmbeddedDepth); }],
    [5, (r) => { out.documents = list(r, { most: 64 }, readDocument); }],
    [6, (r) => { out.links = list(r, { least: 1, most: 16 }, readLink); }],
  ], [1, 2, 3, 4, 5]);
  const sealed = new Map<string, Bytes>();
  const known = out.kind === "loan" && isPlainLoan(terms);
  if (known) out.loan = readLoan(terms, sealed);
  return { detail: { is: "register", registration: out }, sealed, side, supported: known };
}

/** Terms of a loan with explicit rows have no keys but 1 to 7; others belong to rules that came later. */
function isPlainLoan(terms: Bytes): boolean {
  return decode(terms, (reader) => {
    if (reader.peekMajor() !== 5) { reader.item(); return false; }
    let plain = true;
    for (let left = reader.mapCount(); left > 0; left--) {
      const key = reader.item();
      plain &&= key.length === 1 && key[0]! >= 1 && key[0]! <= 7;
      reader.item();
    }
    return plain;
  });
}

function sign(bytes: Bytes): Body {
  let documents: Digests[] = [];
  const side = readBody(bytes, [
    [1, (r) => { documents = list(r, { most: 64 }, readDigests); }],
    [2, (r) => { digest(r); }],
  ], [1]);
  return { detail: { is: "sign", documents: encodeArray(documents.map(encodeDigests)) }, sealed: new Map(), side, supported: true };
}

function approve(bytes: Bytes): Body {
  let capacity = 0;
  const side = readBody(bytes, [[1, (r) => { capacity = numberFrom(r, 1, 2); }]], [1]);
  return { detail: { is: "approve", capacity }, sealed: new Map(), side, supported: true };
}

function payment(bytes: Bytes, is: "disburse" | "repay"): Body {
  let currency = "";
  const sealed = new Map<string, Bytes>();
  const side = readBody(bytes, [
    [1, (r) => { currency = readCurrency(r); }],
    [2, (r) => { sealed.set("amount", digest(r)); }],
    [3, (r) => { sealed.set("value_date", digest(r)); }],
    [4, (r) => { sealed.set("bank", digest(r)); }],
    [5, (r) => { sealed.set("bank_reference", digest(r)); }],
  ], [1, 2, 3, 4, 5]);
  return { detail: { is, currency }, sealed, side, supported: true };
}

function acknowledge(bytes: Bytes): Body {
  let target = 0n;
  let accept = false;
  const side = readBody(bytes, [
    [1, (r) => { target = r.uint(); }],
    [2, (r) => { accept = numberFrom(r, 1, 2) === 1; }],
  ], [1, 2]);
  return { detail: { is: "acknowledge", target, accept }, sealed: new Map(), side, supported: true };
}

function bare(bytes: Bytes, is: "activate" | "settle"): Body {
  return { detail: { is }, sealed: new Map(), side: readBody(bytes, [], []), supported: true };
}

/** Actions of governance: no contract, no sealed field; the verifier of evidence shows them and judges nothing in them. */
function other(bytes: Bytes, fields: Fields, required: number[]): Body {
  return { detail: { is: "other" }, sealed: new Map(), side: readBody(bytes, fields, required), supported: true };
}

const item = (key: number): [number, (reader: Reader) => void] => [key, (reader) => { reader.item(kEmbeddedDepth); }];
const id = (key: number): [number, (reader: Reader) => void] => [key, (reader) => { fixedBytes(reader, 32); }];

const kActions: ReadonlyMap<string, (bytes: Bytes) => Body> = new Map<string, (bytes: Bytes) => Body>([
  ["evidence.deposit", deposit],
  ["contract.register", register],
  ["contract.sign", sign],
  ["contract.approve", approve],
  ["contract.activate", (bytes) => bare(bytes, "activate")],
  ["contract.settle", (bytes) => bare(bytes, "settle")],
  ["fund.disburse", (bytes) => payment(bytes, "disburse")],
  ["fund.repay", (bytes) => payment(bytes, "repay")],
  ["fund.acknowledge", acknowledge],
  ["gov.propose", (bytes) => other(bytes, [item(1), item(2), item(3)], [1])],
  ["gov.vote", (bytes) => other(bytes, [id(1), item(2)], [1, 2])],
  ["gov.enact", (bytes) => other(bytes, [id(1)], [1])],
  ["validator.ready", (bytes) => other(bytes, [item(1), item(2)], [1, 2])],
  ["misbehaviour.report", (bytes) => other(bytes, [item(1)], [1])],
]);

/** Null for an action that this verifier does not know. */
export function decodeBody(action: string, bytes: Bytes): Body | null {
  const read = kActions.get(action);
  if (read === undefined) return null;
  const body = read(bytes);
  for (const name of body.sealed.keys()) demand(!body.side.has(name), "malformed", "side field with the name of a sealed one");
  return body;
}

/** Bytewise order of texts, for what the formats demand in order. */
export function compareText(left: string, right: string): number {
  return compare(utf8(left), utf8(right));
}
