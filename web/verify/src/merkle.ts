/** Logs: the Merkle tree of RFC 9162 section 2.1 with SHA-256 (docs/spec/ledger.md section 3). */
import { type Bytes, equal } from "./bytes.js";
import { Reader } from "./cbor.js";
import { encodeArray, encodeBytes, encodeInt } from "./cbor_encode.js";
import { demand } from "./failure.js";
import { sha256, taggedHash } from "./hash.js";
import { digest, list, tuple } from "./shape.js";

export function leafHash(leaf: Bytes): Bytes { return taggedHash(0, leaf); }
export function nodeHash(left: Bytes, right: Bytes): Bytes { return taggedHash(1, left, right); }

export interface Frontier { size: bigint; peaks: Bytes[] }

function setBits(value: bigint): number {
  let bits = 0;
  for (; value > 0n; value &= value - 1n) bits++;
  return bits;
}

export function readFrontier(reader: Reader): Frontier {
  tuple(reader, 2);
  const size = reader.uint();
  const peaks = list(reader, { most: 64 }, digest);
  demand(peaks.length === setBits(size), "malformed", "number of peaks");
  return { size, peaks };
}

export function encodeFrontier(frontier: Frontier): Bytes {
  return encodeArray([encodeInt(frontier.size), encodeArray(frontier.peaks.map(encodeBytes))]);
}

/** The frontier of the log with these leaf hashes. */
export function frontierOf(leafHashes: readonly Bytes[]): Frontier {
  const peaks: Bytes[] = [];
  let size = 0n;
  for (const leaf of leafHashes) {
    let node = leaf;
    for (let bits = size; (bits & 1n) === 1n; bits >>= 1n) node = nodeHash(peaks.pop()!, node);
    peaks.push(node);
    size++;
  }
  return { size, peaks };
}

export function rootOf(frontier: Frontier): Bytes {
  if (frontier.peaks.length === 0) return sha256(new Uint8Array(0));
  return frontier.peaks.reduceRight((right, peak) => nodeHash(peak, right));
}

const isDigest = (bytes: Bytes): boolean => bytes.length === 32;

export interface Inclusion { index: bigint; size: bigint; leaf: Bytes; root: Bytes; path: readonly Bytes[] }

/** RFC 9162 section 2.1.3.2. `leaf` is the leaf's hash. */
export function verifyInclusion(claim: Inclusion): void {
  demand(claim.index < claim.size, "invalid_proof", "index");
  demand([claim.leaf, claim.root, ...claim.path].every(isDigest), "invalid_proof", "length of a digest");
  let position = claim.index;
  let last = claim.size - 1n;
  let node = claim.leaf;
  for (const sibling of claim.path) {
    demand(last !== 0n, "invalid_proof", "path too long");
    if ((position & 1n) === 1n || position === last) {
      node = nodeHash(sibling, node);
      while ((position & 1n) === 0n && position !== 0n) { position >>= 1n; last >>= 1n; }
    } else {
      node = nodeHash(node, sibling);
    }
    position >>= 1n;
    last >>= 1n;
  }
  demand(last === 0n && equal(node, claim.root), "invalid_proof", "root");
}

export interface Consistency { first: bigint; second: bigint; firstRoot: Bytes; secondRoot: Bytes; path: readonly Bytes[] }

/** RFC 9162 section 2.1.4.2. From the empty log nothing follows. */
export function verifyConsistency(claim: Consistency): void {
  const { first, second, firstRoot, secondRoot } = claim;
  demand(first > 0n && first <= second, "invalid_proof", "sizes");
  demand([firstRoot, secondRoot, ...claim.path].every(isDigest), "invalid_proof", "length of a digest");
  if (first === second) {
    demand(claim.path.length === 0 && equal(firstRoot, secondRoot), "invalid_proof", "equal sizes");
    return;
  }
  const path = (first & (first - 1n)) === 0n ? [firstRoot, ...claim.path] : [...claim.path];
  demand(claim.path.length > 0, "invalid_proof", "empty path");
  let position = first - 1n;
  let last = second - 1n;
  while ((position & 1n) === 1n) { position >>= 1n; last >>= 1n; }
  let older = path[0]!;
  let newer = path[0]!;
  for (const sibling of path.slice(1)) {
    demand(last !== 0n, "invalid_proof", "path too long");
    if ((position & 1n) === 1n || position === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while ((position & 1n) === 0n && position !== 0n) { position >>= 1n; last >>= 1n; }
    } else {
      newer = nodeHash(newer, sibling);
    }
    position >>= 1n;
    last >>= 1n;
  }
  demand(last === 0n && equal(older, firstRoot) && equal(newer, secondRoot), "invalid_proof", "roots");
}
