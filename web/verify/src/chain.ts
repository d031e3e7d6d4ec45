/** Validator sets, certificates, headers and finality: docs/spec/ledger.md sections 4 to 6. */
import { type Bytes, equal, hex, isZero } from "./bytes.js";
import { type Reader } from "./cbor.js";
import { encodeArray, encodeBytes, encodeInt, encodeText, kNull } from "./cbor_encode.js";
import { encodeHeader, isPublicKey, keyId, sigStructure, verifyDigest } from "./cose.js";
import { demand } from "./failure.js";
import { sha256 } from "./hash.js";
import { digest, distinct, fixedBytes, list, name64, nullable, publicKey, smallUint, tuple } from "./shape.js";

export interface Validator { organisation: string; key: Bytes }
export type ValidatorSet = Validator[];

export function readValidatorSet(reader: Reader): ValidatorSet {
  const set = list(reader, { least: 1, most: 100 }, () => {
    tuple(reader, 2);
    const organisation = name64(reader);
    return { organisation, key: publicKey(reader) };
  });
  demand(distinct(set.map((validator) => validator.key)), "malformed", "a key twice");
  return set;
}

export function encodeValidatorSet(set: ValidatorSet): Bytes {
  return encodeArray(set.map((v) => encodeArray([encodeText(v.organisation), encodeBytes(v.key)])));
}

export function setDigest(set: ValidatorSet): Bytes { return sha256(encodeValidatorSet(set)); }
export function allPoints(set: ValidatorSet): boolean { return set.every((validator) => isPublicKey(validator.key)); }
export function quorum(members: number): number { return members - Math.floor((members - 1) / 3); }

export const kNotarize = 1;
export const kNullify = 2;
export const kFinalize = 3;

export interface VoteTarget { kind: number; epoch: bigint; view: bigint; block: Bytes | null }
export interface Signed { signer: number; signature: Bytes }
export interface Certificate extends VoteTarget { signers: Signed[] }

function readSigned(reader: Reader): Signed {
  tuple(reader, 2);
  const signer = smallUint(reader, 99);
  return { signer, signature: fixedBytes(reader, 64) };
}

function readTarget(reader: Reader): VoteTarget {
  const kind = smallUint(reader, kFinalize);
  demand(kind >= kNotarize, "malformed", "kind of vote");
  const epoch = reader.uint();
  const view = reader.uint();
  const block = nullable(reader, digest);
  demand((block === null) === (kind === kNullify), "malformed", "block of a vote");
  demand(block === null || !isZero(block), "malformed", "block of a vote");
  return { kind, epoch, view, block };
}

export function readCertificate(reader: Reader): Certificate {
  tuple(reader, 5);
  const target = readTarget(reader);
  const signers = list(reader, { least: 1, most: 100 }, readSigned);
  demand(signers.every((s, i) => i === 0 || signers[i - 1]!.signer < s.signer), "malformed", "order of signers");
  return { ...target, signers };
}

/** `[kind, epoch, view, block, signer, signature]`. */
export function readVote(reader: Reader): { target: VoteTarget; vote: Signed } {
  tuple(reader, 6);
  const target = readTarget(reader);
  const signer = smallUint(reader, 99);
  return { target, vote: { signer, signature: fixedBytes(reader, 64) } };
}

export interface SignedBytes { protectedBytes: Bytes; payload: Bytes }

/** What a member signs when it votes. */
export function voteBytes(target: VoteTarget, chainId: Bytes, member: Validator): SignedBytes {
  const protectedBytes = encodeHeader({
    contentType: "application/vnd.probatum.vote+cbor",
    keyId: keyId(member.key), issuer: member.organisation, subject: null, chainId,
  });
  const payload = encodeArray([
    encodeInt(BigInt(target.kind)), encodeBytes(chainId), encodeInt(target.epoch), encodeInt(target.view),
    target.block === null ? kNull : encodeBytes(target.block),
  ]);
  return { protectedBytes, payload };
}

export function verifyVote(target: VoteTarget, vote: Signed, chainId: Bytes, member: Validator): void {
  const { protectedBytes, payload } = voteBytes(target, chainId, member);
  verifyDigest(sha256(sigStructure(protectedBytes, payload)), vote.signature, member.key);
}

/** Exactly a quorum, all members, every signature. */
export function verifyCertificate(certificate: Certificate, set: ValidatorSet, chainId: Bytes): void {
  demand(certificate.signers.length === quorum(set.length), "certificate_invalid", "number of signers");
  for (const vote of certificate.signers) {
    const member = set[vote.signer];
    demand(member !== undefined, "certificate_invalid", "signer outside the set");
    try {
      verifyVote(certificate, vote, chainId, member);
    } catch {
      demand(false, "certificate_invalid", `signature of ${vote.signer}`);
    }
  }
}

export interface Header {
  bytes: Bytes;
  id: Bytes;
  chainId: Bytes;
  epoch: bigint;
  height: bigint;
  view: bigint;
  parent: Bytes;
  proposer: number;
  time: bigint;
  payloadRoot: Bytes;
  logSize: bigint;
  logRoot: Bytes;
  stateRoot: Bytes;
  validators: Bytes;
  nextValidators: Bytes;
  rulesVersion: bigint;
  parentCertificate: Bytes;
}

export function readHeader(reader: Reader): Header {
  const start = reader.position;
  tuple(reader, 16);
  demand(reader.uint() === 1n, "malformed", "header version");
  const fields = {
    chainId: digest(reader), epoch: reader.uint(), height: reader.uint(), view: reader.uint(), parent: digest(reader),
    proposer: smallUint(reader, 99), time: reader.uint(), payloadRoot: digest(reader), logSize: reader.uint(),
    logRoot: digest(reader), stateRoot: digest(reader), validators: digest(reader), nextValidators: digest(reader),
    rulesVersion: reader.uint(), parentCertificate: digest(reader),
  };
  demand(fields.height >= 1n, "malformed", "height 0");
  const first = fields.height === 1n;
  demand(!first || equal(fields.parent, fields.chainId), "malformed", "parent of the first block");
  demand(isZero(fields.parentCertificate) === first, "malformed", "digest of the parent's certificate");
  const bytes = reader.since(start);
  return { ...fields, bytes, id: sha256(bytes) };
}

/** A header with its finality proof: the certificate, and the headers from its block back to the child of this one. */
export interface FinalHeader { header: Header; certificate: Certificate; path: Header[] }

export function readFinalityProof(reader: Reader): { certificate: Certificate; path: Header[] } {
  tuple(reader, 2);
  const certificate = readCertificate(reader);
  return { certificate, path: list(reader, { most: 1024 }, readHeader) };
}

export function readFinalHeader(reader: Reader): FinalHeader {
  tuple(reader, 2);
  const header = readHeader(reader);
  return { header, ...readFinalityProof(reader) };
}

export function verifyFinality(claim: FinalHeader, set: ValidatorSet): void {
  const { header, certificate, path } = claim;
  demand(certificate.kind === kFinalize && certificate.epoch === header.epoch, "certificate_invalid", "kind or epoch");
  demand(equal(header.validators, setDigest(set)), "certificate_invalid", "validator set");
  let below = header;
  for (const next of [...path].reverse()) {
    const follows = equal(next.parent, below.id) && next.height === below.height + 1n && next.epoch === header.epoch &&
      equal(next.chainId, header.chainId) && equal(next.validators, header.validators);
    demand(follows, "certificate_invalid", "path of headers");
    below = next;
  }
  demand(certificate.block !== null && equal(certificate.block, below.id), "certificate_invalid", "block");
  verifyCertificate(certificate, set, header.chainId);
}

export interface Misbehaviour { validator: Validator; first: VoteTarget & { signature: Bytes }; second: VoteTarget & { signature: Bytes } }

export function readMisbehaviour(reader: Reader): Misbehaviour {
  tuple(reader, 5);
  tuple(reader, 2);
  const validator = { organisation: name64(reader), key: publicKey(reader) };
  const epoch = reader.uint();
  const view = reader.uint();
  const readStatement = () => {
    tuple(reader, 3);
    const kind = smallUint(reader, kFinalize);
    const block = nullable(reader, digest);
    demand(kind >= kNotarize && (block === null) === (kind === kNullify), "malformed", "statement");
    demand(block === null || !isZero(block), "malformed", "block");
    return { kind, epoch, view, block, signature: fixedBytes(reader, 64) };
  };
  const proof = { validator, first: readStatement(), second: readStatement() };
  demand(contradict(proof.first, proof.second), "malformed", "no contradiction");
  return proof;
}

function contradict(first: VoteTarget, second: VoteTarget): boolean {
  if (first.kind === kNullify) return second.kind === kFinalize;
  return first.kind === second.kind && hex(first.block!) < hex(second.block!);
}

export function verifyMisbehaviour(proof: Misbehaviour, chainId: Bytes): void {
  for (const statement of [proof.first, proof.second]) {
    verifyVote(statement, { signer: 0, signature: statement.signature }, chainId, proof.validator);
  }
}
