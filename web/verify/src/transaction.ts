/** Transactions and the leaves of logs: docs/spec/ledger.md sections 2, 7 and 8. */
import { type Bytes, isZero } from "./bytes.js";
import { type Reader, decode, kEmbeddedDepth } from "./cbor.js";
import { type Statement, decodeStatement } from "./cose.js";
import { demand } from "./failure.js";
import { sha256 } from "./hash.js";
import { leafHash } from "./merkle.js";
import { boundedText, digest, fixedBytes, named, record, smallUint, tuple } from "./shape.js";

export const kTransactionType = "application/vnd.probatum.transaction+cbor";
const kMaxTransactionBytes = 262_144;

export interface Opening { salt: Bytes; value: Bytes }

export interface Transaction {
  id: Bytes;
  statement: Statement;
  idempotencyKey: Bytes;
  validUntil: bigint;
  action: string;
  body: Bytes;
  openings: Map<string, Opening>;
}

interface Payload { idempotencyKey: Bytes; validUntil: bigint; action: string; body: Bytes }

function decodePayload(bytes: Bytes): Payload {
  const out: Partial<Payload> = {};
  const fields = new Map<number, (reader: Reader) => void>([
    [1, (reader) => { out.idempotencyKey = fixedBytes(reader, 16); }],
    [2, (reader) => { out.validUntil = reader.uint(); }],
    [3, (reader) => { out.action = boundedText(reader, 1, 64); }],
    [4, (reader) => { out.body = reader.item(kEmbeddedDepth); }],
  ]);
  decode(bytes, (reader) => record(reader, fields, [1, 2, 3, 4]));
  const payload = out as Payload;
  demand(/^[a-z0-9._-]{1,64}$/.test(payload.action), "malformed", "action");
  return payload;
}

function readOpening(reader: Reader): Opening {
  tuple(reader, 2);
  const salt = fixedBytes(reader, 16);
  return { salt, value: reader.item(kEmbeddedDepth) };
}

export function readTransaction(reader: Reader): Transaction {
  const start = reader.position;
  tuple(reader, 2);
  const bytes = reader.byteString();
  const statement = decodeStatement(bytes);
  const payload = decodePayload(statement.payload);
  const openings = named(reader, 256, readOpening);
  demand(reader.since(start).length <= kMaxTransactionBytes, "too_large", "transaction");
  return { id: sha256(bytes), statement, ...payload, openings };
}

export interface Outcome { code: number; field: string }

export function readOutcome(reader: Reader): Outcome {
  tuple(reader, 2);
  const code = smallUint(reader, 65535);
  const field = boundedText(reader, 0, code === 0 ? 0 : 128);
  return { code, field };
}

export interface LogEntry { bytes: Bytes; transactionId: Bytes; outcome: Outcome; changes: Bytes }

export function readLogEntry(reader: Reader): LogEntry {
  const start = reader.position;
  tuple(reader, 3);
  const transactionId = digest(reader);
  const outcome = readOutcome(reader);
  const changes = digest(reader);
  return { bytes: reader.since(start), transactionId, outcome, changes };
}

export interface EventLeaf {
  hash: Bytes;
  subject: Bytes;
  sequence: bigint;
  previous: Bytes;
  transactionId: Bytes;
  height: bigint;
  index: number;
  time: bigint;
  outcome: Outcome;
  /** One encoded item: docs/spec/contracts.md section 4. */
  resolved: Bytes;
}

export function readEventLeaf(reader: Reader): EventLeaf {
  const start = reader.position;
  tuple(reader, 9);
  const fields = {
    subject: digest(reader), sequence: reader.uint(), previous: digest(reader), transactionId: digest(reader),
    height: reader.uint(), index: smallUint(reader, 0xffffffff), time: reader.uint(), outcome: readOutcome(reader),
    resolved: reader.item(kEmbeddedDepth),
  };
  demand(isZero(fields.previous) === (fields.sequence === 0n), "malformed", "previous digest");
  return { ...fields, hash: leafHash(reader.since(start)) };
}
