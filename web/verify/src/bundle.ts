/** The evidence bundle as bytes: docs/formats.cddl section "Evidence". */
import { type Bytes, compare } from "./bytes.js";
import { type Reader, decode } from "./cbor.js";
import { type FinalHeader, type Header, type ValidatorSet, readFinalHeader, readHeader, readValidatorSet } from "./chain.js";
import { demand, fail } from "./failure.js";
import { digest, list, nullable, numberFrom, tuple } from "./shape.js";
import { type StateProof, readStateProof } from "./state_tree.js";
import { type EventLeaf, type LogEntry, type Transaction, readEventLeaf, readLogEntry, readTransaction } from "./transaction.js";

export const kMaxBundleBytes = 256 * 1024 * 1024;
export const kMediaType = "application/vnd.probatum.evidence+cbor";

export type SubjectKind = "contract" | "record" | "document";
const kSubjectKinds: readonly SubjectKind[] = ["contract", "record", "document"];

export interface ValidatorChange { closing: FinalHeader; next: ValidatorSet; succession: Bytes[] | null }
export interface ProvenValue { value: Bytes | null; proof: StateProof }
export interface BundleEvent { leaf: EventLeaf; transaction: Transaction }
export interface ContractPart { head: ProvenValue; state: Bytes | null; events: BundleEvent[]; refused: BundleEvent[] }

export interface RecordPart {
  transaction: Transaction;
  entry: LogEntry;
  index: bigint;
  path: Bytes[];
  block: FinalHeader;
  parent: Header | null;
}

export const kDocumentUse = 1;
export const kBankReferenceUse = 2;
export const kRecordUser = 1;
export const kContractUser = 2;

export interface UseItem { bytes: Bytes; kind: number; subject: Bytes }
export interface UseList { kind: number; id: Bytes; state: ProvenValue; uses: UseItem[] }

export interface Bundle {
  subject: { kind: SubjectKind; id: Bytes };
  genesis: Bytes;
  validatorPath: ValidatorChange[];
  head: FinalHeader;
  contract: ContractPart | null;
  record: RecordPart | null;
  uses: UseList[];
}

function readChange(reader: Reader): ValidatorChange {
  const count = reader.arrayCount();
  demand(count === 2 || count === 3, "malformed", "validator change");
  const closing = readFinalHeader(reader);
  const next = readValidatorSet(reader);
  const succession = count === 2 ? null : list(reader, { least: 1, most: 100 }, readSuccessionStatement);
  return { closing, next, succession };
}

function readSuccessionStatement(reader: Reader): Bytes {
  const bytes = reader.byteString();
  demand(bytes.length >= 1 && bytes.length <= 16384, "malformed", "succession");
  return bytes;
}

function readProvenValue(reader: Reader): ProvenValue {
  tuple(reader, 2);
  const value = nullable(reader, (inner) => inner.byteString());
  return { value, proof: readStateProof(reader) };
}

function readEvent(reader: Reader): BundleEvent {
  tuple(reader, 2);
  const leaf = readEventLeaf(reader);
  return { leaf, transaction: readTransaction(reader) };
}

function readContractPart(reader: Reader): ContractPart {
  tuple(reader, 4);
  return {
    head: readProvenValue(reader), state: nullable(reader, (inner) => inner.byteString()),
    events: list(reader, { most: 100_000 }, readEvent), refused: list(reader, { most: 100_000 }, readEvent),
  };
}

function readRecordPart(reader: Reader): RecordPart {
  tuple(reader, 6);
  return {
    transaction: readTransaction(reader), entry: readLogEntry(reader), index: reader.uint(),
    path: list(reader, { most: 64 }, digest), block: readFinalHeader(reader), parent: nullable(reader, readHeader),
  };
}

function readUseItem(reader: Reader): UseItem {
  const start = reader.position;
  tuple(reader, 2);
  const kind = numberFrom(reader, kRecordUser, kContractUser);
  const subject = digest(reader);
  return { bytes: reader.since(start), kind, subject };
}

function readUseList(reader: Reader): UseList {
  tuple(reader, 4);
  return {
    kind: numberFrom(reader, kDocumentUse, kBankReferenceUse), id: digest(reader), state: readProvenValue(reader),
    uses: list(reader, { most: 100_000 }, readUseItem),
  };
}

function readBundle(reader: Reader): Bundle {
  tuple(reader, 8);
  demand(reader.text() === "probatum evidence", "malformed", "magic");
  demand(reader.uint() === 1n, "malformed", "version");
  tuple(reader, 2);
  const kind = kSubjectKinds[numberFrom(reader, 1, 3) - 1]!;
  const subject = { kind, id: digest(reader) };
  const genesis = reader.byteString();
  const validatorPath = list(reader, { most: 10_000 }, readChange);
  const head = readFinalHeader(reader);
  const contract = kind === "contract" ? readContractPart(reader) : null;
  const record = kind === "record" ? readRecordPart(reader) : null;
  if (kind === "document") demand(reader.takeNull(), "malformed", "part of a document");
  const uses = list(reader, { most: 4096 }, readUseList);
  for (let i = 1; i < uses.length; i++) {
    const [a, b] = [uses[i - 1]!, uses[i]!];
    if (a.kind > b.kind || (a.kind === b.kind && compare(a.id, b.id) >= 0)) fail("not_deterministic", "order of lists");
  }
  return { subject, genesis, validatorPath, head, contract, record, uses };
}

export function decodeBundle(bytes: Bytes): Bundle {
  demand(bytes.length <= kMaxBundleBytes, "too_large", "bundle");
  return decode(bytes, readBundle);
}
