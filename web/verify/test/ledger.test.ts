import { describe, expect, it } from "vitest";
import { hex, kZeroDigest, utf8 } from "../src/bytes.js";
import { decode } from "../src/cbor.js";
import {
  encodeValidatorSet, quorum, readCertificate, readFinalityProof, readHeader, readMisbehaviour, readValidatorSet, readVote,
  verifyCertificate, verifyFinality, verifyMisbehaviour, voteBytes,
} from "../src/chain.js";
import { sigStructure, verifyStatement } from "../src/cose.js";
import { sha256 } from "../src/hash.js";
import { encodeFrontier, frontierOf, leafHash, rootOf, verifyConsistency, verifyInclusion } from "../src/merkle.js";
import { provenDigest, readStateProof } from "../src/state_tree.js";
import { readEventLeaf, readLogEntry, readTransaction } from "../src/transaction.js";
import { base64, bytes, golden, itReads, publishedText } from "./files.js";

const ledger = golden("ledger.json");

describe("ledger.json", () => {
  it("a transaction", () => {
    const item = ledger.transaction;
    const transaction = decode(bytes(item.wire.bytes), readTransaction);
    expect(hex(transaction.id)).toBe(item.id);
    expect(hex(transaction.statement.protectedBytes)).toBe(item.protected_header.bytes);
    expect(hex(transaction.statement.payload)).toBe(item.payload.bytes);
    expect([...transaction.openings.keys()]).toEqual(["amount"]);
    verifyStatement(transaction.statement, bytes(item.public_key));
  });

  it("a log", () => {
    const item = ledger.log;
    const hashes = Array.from({ length: 7 }, (_, i) => leafHash(utf8(`entry ${i}`)));
    expect(hashes.map(hex)).toEqual(item.leaf_hashes);
    expect(hex(encodeFrontier(frontierOf(hashes)))).toBe(item.frontier.bytes);
    expect(hex(rootOf(frontierOf(hashes)))).toBe(item.root);
    const root = bytes(item.root);
    verifyInclusion({ index: 4n, size: 7n, leaf: hashes[4]!, root, path: item.inclusion_of_4.map(bytes) });
    const firstRoot = rootOf(frontierOf(hashes.slice(0, 3)));
    verifyConsistency({ first: 3n, second: 7n, firstRoot, secondRoot: root, path: item.consistency_from_3.map(bytes) });
  });

  it("votes, a certificate and a proof of misbehaviour", () => {
    const set = decode(bytes(ledger.certificate.validators.bytes), readValidatorSet);
    const chainId = bytes(ledger.certificate.chain_id);
    expect(hex(encodeValidatorSet(set))).toBe(ledger.certificate.validators.bytes);
    expect(quorum(set.length)).toBe(ledger.certificate.quorum);
    for (const item of ledger.votes) {
      const { target, vote } = decode(bytes(item.vote.bytes), readVote);
      const signed = voteBytes(target, bytes(item.chain_id), set[vote.signer]!);
      expect(hex(signed.payload)).toBe(item.payload.bytes);
      expect(hex(sigStructure(signed.protectedBytes, signed.payload))).toBe(item.sig_structure.bytes);
    }
    const certificate = decode(bytes(ledger.certificate.certificate.bytes), readCertificate);
    verifyCertificate(certificate, set, chainId);
    expect(() => verifyCertificate(certificate, set, kZeroDigest)).toThrow("certificate_invalid");
    expect(() => verifyCertificate({ ...certificate, signers: certificate.signers.slice(1) }, set, chainId)).toThrow("certificate_invalid");
    verifyMisbehaviour(decode(bytes(ledger.misbehaviour.misbehaviour.bytes), readMisbehaviour), bytes(ledger.misbehaviour.chain_id));
  });

  it("headers, their ids and a payload root", () => {
    for (const item of ledger.blocks) {
      expect(hex(decode(bytes(item.header.bytes), readHeader).id)).toBe(item.id);
      const leaves = item.payload_leaves.map((leaf: { bytes: string } | string) => leafHash(bytes(typeof leaf === "string" ? leaf : leaf.bytes)));
      expect(hex(rootOf(frontierOf(leaves)))).toBe(item.payload_root);
    }
  });

  it("a finality proof, and none for another set", () => {
    const item = ledger.finality_proof;
    const header = decode(bytes(item.header), readHeader);
    const set = decode(bytes(item.validators), readValidatorSet);
    const proof = decode(bytes(item.proof.bytes), readFinalityProof);
    verifyFinality({ header, ...proof }, set);
    expect(() => verifyFinality({ header, ...proof }, set.slice(1))).toThrow("certificate_invalid");
    expect(() => verifyFinality({ header, certificate: proof.certificate, path: [header] }, set)).toThrow("certificate_invalid");
  });

  it("entries and an event leaf", () => {
    for (const item of ledger.entries) expect(hex(leafHash(decode(bytes(item.entry.bytes), readLogEntry).bytes))).toBe(item.leaf_hash);
    expect(hex(decode(bytes(ledger.event_leaf.leaf.bytes), readEventLeaf).hash)).toBe(ledger.event_leaf.leaf_hash);
  });

  it("presence and absence in the state", () => {
    const item = ledger.state;
    const three = item.leaves.find((leaf: { key: string }) => leaf.key.startsWith("fc4244d0"));
    const present = decode(bytes(item.presence_of_three.bytes), readStateProof);
    expect(hex(provenDigest(bytes(three.key), bytes(item.root), present)!)).toBe(three.value_digest);
    const absent = decode(bytes(item.absence_of_three.bytes), readStateProof);
    expect(provenDigest(bytes(three.key), bytes(item.root_without_three), absent)).toBeNull();
    expect(() => provenDigest(bytes(three.key), bytes(item.root), absent)).toThrow("invalid_proof");
    expect(() => provenDigest(bytes(item.leaves[0].key), bytes(item.root), present)).toThrow("invalid_proof");
    expect(hex(sha256(bytes(item.leaves[0].preimage)))).toBe(item.leaves[0].key);
  });
});

interface InclusionCase { leafIdx: bigint; treeSize: bigint; root: string; leafHash: string; proof: string[] | null; wantErr: boolean; case: string }
interface ConsistencyCase { size1: bigint; size2: bigint; root1: string; root2: string; proof: string[] | null; wantErr: boolean; case: string }

/** Some indices exceed what a JavaScript number holds. */
function parseExactly<T>(text: string): T {
  const quoted = text.replace(/"(leafIdx|treeSize|size1|size2)": (\d+)/g, '"$1": "$2"');
  return JSON.parse(quoted, (key, value) => (["leafIdx", "treeSize", "size1", "size2"].includes(key) ? BigInt(value) : value)) as T;
}

function refuses(run: () => void): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

describe("published Merkle proofs", () => {
  itReads("merkle/inclusion.json")("inclusion", () => {
    for (const item of parseExactly<InclusionCase[]>(publishedText("merkle/inclusion.json"))) {
      const claim = { index: item.leafIdx, size: item.treeSize, leaf: base64(item.leafHash), root: base64(item.root), path: (item.proof ?? []).map(base64) };
      expect([item.case, refuses(() => verifyInclusion(claim))]).toEqual([item.case, item.wantErr]);
    }
  });

  itReads("merkle/consistency.json")("consistency; from the empty log nothing follows here", () => {
    for (const item of parseExactly<ConsistencyCase[]>(publishedText("merkle/consistency.json"))) {
      const claim = {
        first: item.size1, second: item.size2, firstRoot: base64(item.root1), secondRoot: base64(item.root2), path: (item.proof ?? []).map(base64),
      };
      // One published case claims with roots of another length than SHA-256 has.
      const noDigests = claim.firstRoot.length !== 32 || claim.secondRoot.length !== 32;
      expect([item.case, refuses(() => verifyConsistency(claim))]).toEqual([item.case, item.wantErr || item.size1 === 0n || noDigests]);
    }
  });
});
