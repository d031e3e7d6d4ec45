/** Proofs against the state root: docs/spec/ledger.md section 9. */
import { type Bytes, equal, isZero, kZeroDigest } from "./bytes.js";
import { type Reader } from "./cbor.js";
import { demand } from "./failure.js";
import { sha256, taggedHash } from "./hash.js";
import { digest, list, nullable, tuple } from "./shape.js";

export interface StateProof { leaf: { key: Bytes; value: Bytes } | null; siblings: Bytes[] }

export function readStateProof(reader: Reader): StateProof {
  tuple(reader, 2);
  const leaf = nullable(reader, () => {
    tuple(reader, 2);
    const key = digest(reader);
    return { key, value: digest(reader) };
  });
  return { leaf, siblings: list(reader, { most: 256 }, digest) };
}

function bit(key: Bytes, index: number): number {
  return (key[index >> 3]! >> (7 - (index & 7))) & 1;
}

/** The digest of the value that the root holds under the key; null where it holds none. */
export function provenDigest(key: Bytes, root: Bytes, proof: StateProof): Bytes | null {
  const depth = proof.siblings.length;
  demand(depth === 0 || !isZero(proof.siblings[depth - 1]!), "invalid_proof", "last sibling");
  if (proof.leaf !== null) {
    for (let i = 0; i < depth; i++) demand(bit(proof.leaf.key, i) === bit(key, i), "invalid_proof", "leaf off the path");
  }
  let node = proof.leaf === null ? kZeroDigest : taggedHash(0, proof.leaf.key, proof.leaf.value);
  for (let i = depth - 1; i >= 0; i--) {
    const sibling = proof.siblings[i]!;
    node = bit(key, i) === 0 ? taggedHash(1, node, sibling) : taggedHash(1, sibling, node);
  }
  demand(equal(node, root), "invalid_proof", "root");
  return proof.leaf !== null && equal(proof.leaf.key, key) ? proof.leaf.value : null;
}

/** Whether the root holds `value` under the key, or nothing where it is null. */
export function holds(proven: Bytes | null, value: Bytes | null): boolean {
  if (proven === null || value === null) return proven === null && value === null;
  return equal(proven, sha256(value));
}
