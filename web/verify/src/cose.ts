/** COSE_Sign1 with ES256K: docs/spec/encoding.md sections 3 and 4. */
import { secp256k1 } from "@noble/curves/secp256k1";
import { type Bytes, hex } from "./bytes.js";
import { decode, type Reader } from "./cbor.js";
import { encodeArray, encodeBytes, encodeInt, encodeMap, encodeText, head } from "./cbor_encode.js";
import { demand } from "./failure.js";
import { sha256 } from "./hash.js";
import { boundedText, digest, fixedBytes, name64, tuple } from "./shape.js";

export interface ProtectedHeader {
  contentType: string;
  keyId: Bytes;
  issuer: string;
  subject: string | null;
  chainId: Bytes;
}

export interface Statement {
  header: ProtectedHeader;
  protectedBytes: Bytes;
  payload: Bytes;
  signature: Bytes;
}

const kChainLabel = -70001n;

function expectLabel(reader: Reader, label: bigint): void {
  demand(reader.int() === label, "malformed", `label ${label}`);
}

function readHeader(reader: Reader): ProtectedHeader {
  demand(reader.mapCount() === 5, "malformed", "protected header");
  expectLabel(reader, 1n);
  demand(reader.int() === -47n, "unknown_algorithm");
  expectLabel(reader, 3n);
  const contentType = boundedText(reader, 1, 128);
  expectLabel(reader, 4n);
  const keyId = digest(reader);
  expectLabel(reader, 15n);
  const claims = reader.mapCount();
  demand(claims === 1 || claims === 2, "malformed", "claims");
  expectLabel(reader, 1n);
  const issuer = name64(reader);
  let subject: string | null = null;
  if (claims === 2) {
    expectLabel(reader, 2n);
    subject = boundedText(reader, 1, 128);
  }
  expectLabel(reader, kChainLabel);
  return { contentType, keyId, issuer, subject, chainId: digest(reader) };
}

/** Checks shape and lengths, not the signature. */
export function decodeStatement(bytes: Bytes): Statement {
  return decode(bytes, (reader) => {
    demand(reader.tag() === 18n, "malformed", "tag");
    tuple(reader, 4);
    const protectedBytes = reader.byteString();
    const header = decode(protectedBytes, readHeader);
    demand(reader.mapCount() === 0, "malformed", "unprotected header");
    const payload = reader.byteString();
    return { header, protectedBytes, payload, signature: fixedBytes(reader, 64) };
  });
}

export function encodeHeader(header: ProtectedHeader): Bytes {
  const claims: [Bytes, Bytes][] = [[encodeInt(1n), encodeText(header.issuer)]];
  if (header.subject !== null) claims.push([encodeInt(2n), encodeText(header.subject)]);
  return encodeMap([
    [encodeInt(1n), encodeInt(-47n)],
    [encodeInt(3n), encodeText(header.contentType)],
    [encodeInt(4n), encodeBytes(header.keyId)],
    [encodeInt(15n), encodeMap(claims)],
    [encodeInt(kChainLabel), encodeBytes(header.chainId)],
  ]);
}

export function encodeStatement(protectedBytes: Bytes, payload: Bytes, signature: Bytes): Bytes {
  const body = encodeArray([encodeBytes(protectedBytes), encodeMap([]), encodeBytes(payload), encodeBytes(signature)]);
  return Uint8Array.from([...head(6, 18n), ...body]);
}

export function sigStructure(protectedBytes: Bytes, payload: Bytes): Bytes {
  return encodeArray([encodeText("Signature1"), encodeBytes(protectedBytes), encodeBytes(new Uint8Array(0)), encodeBytes(payload)]);
}

export function keyId(key: Bytes): Bytes {
  return sha256(key);
}

// Taking a square root for every signature would double its cost; a bundle has few keys.
const kMostKnownKeys = 4096;
const knownKeys = new Map<string, boolean>();

/** A compressed point of the curve; other forms are refused. */
export function isPublicKey(key: Bytes): boolean {
  const name = hex(key);
  let known = knownKeys.get(name);
  if (known === undefined) {
    known = isPoint(key);
    if (knownKeys.size >= kMostKnownKeys) knownKeys.clear();
    knownKeys.set(name, known);
  }
  return known;
}

function isPoint(key: Bytes): boolean {
  if (key.length !== 33 || (key[0] !== 2 && key[0] !== 3)) return false;
  try {
    secp256k1.ProjectivePoint.fromHex(key).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/** r and s over a digest; s in the lower half of the group order. */
export function verifyDigest(digestBytes: Bytes, signature: Bytes, key: Bytes): void {
  demand(signature.length === 64 && isPublicKey(key), "bad_signature");
  demand(holds(digestBytes, signature, key), "bad_signature");
  demand(!secp256k1.Signature.fromCompact(signature).hasHighS(), "high_s_signature");
}

function holds(digestBytes: Bytes, signature: Bytes, key: Bytes): boolean {
  try {
    return secp256k1.verify(signature, digestBytes, key, { lowS: false, format: "compact" });
  } catch {
    return false;
  }
}

export function verifyStatement(statement: Statement, key: Bytes): void {
  verifyDigest(sha256(sigStructure(statement.protectedBytes, statement.payload)), statement.signature, key);
}
