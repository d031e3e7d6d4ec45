import { describe, expect, it } from "vitest";
import { compare, fromHex, hex } from "../src/bytes.js";
import { decode } from "../src/cbor.js";
import { decodeStatement, verifyStatement } from "../src/cose.js";
import { decodeGenesis, parametersDigest } from "../src/genesis.js";
import { commitment, sha256, stateKey } from "../src/hash.js";
import { decodeBody } from "../src/rules/body.js";
import { type Contract, apply, encodeState, encodeTerms } from "../src/rules/contract.js";
import { decodeResolved } from "../src/rules/resolved.js";
import { blindedReference, contractId, loanTerms, paymentValues } from "../src/rules/values.js";
import { type Transaction, readEventLeaf } from "../src/transaction.js";
import { bytes, golden } from "./files.js";

interface Step {
  section: string; action: string; time_ms: number; body: { bytes: string };
  openings: { name: string; salt: string; value: { bytes: string }; commitment: string }[];
  effects: { outcome: [number, string]; log?: string; resolved?: { bytes: string }; leaf?: { bytes: string }; leaf_hash?: string; writes: { key: string; value: { bytes: string } }[] };
}

const vectors = golden("contracts.json");
const chainId = sha256(bytes(vectors.genesis.bytes));

describe("contracts.json", () => {
  it("genesis, names and parameters", () => {
    const genesis = decodeGenesis(bytes(vectors.genesis.bytes));
    expect(hex(genesis.digest)).toBe(vectors.names.chain_id);
    for (const item of vectors.members) expect(`${genesis.members.get(item.key_id)!.organisation}/${genesis.members.get(item.key_id)!.id}`).toBe(item.member);
    expect(hex(contractId(chainId, vectors.names.organisation, vectors.names.number))).toBe(vectors.names.contract_id);
    expect(hex(blindedReference(chainId, vectors.names.bank, vectors.names.bank_reference))).toBe(vectors.names.blinded_reference);
    const registered = vectors.story.find((step: Step) => step.action === "contract.register") as Step;
    expect(hex(decodeResolved(bytes(registered.effects.resolved!.bytes)).parameters)).toBe(hex(parametersDigest(genesis)));
  });

  it("the story of a loan: state by state, refusal by refusal", () => {
    const id = bytes(vectors.names.contract_id);
    const stateName = hex(stateKey("contract-state", id));
    const termsName = hex(stateKey("contract-terms", id));
    let contract: Contract | null = null;
    let [accepted, refused] = [0, 0];
    for (const step of vectors.story as Step[]) {
      if (step.effects.log === undefined) continue;
      const body = decodeBody(step.action, bytes(step.body.bytes))!;
      const openings = new Map(step.openings.map((o) => [o.name, { salt: bytes(o.salt), value: bytes(o.value.bytes) }]));
      for (const o of step.openings) {
        expect(hex(commitment(bytes(o.salt), o.name, bytes(o.value.bytes)))).toBe(o.commitment);
        expect(hex(body.sealed.get(o.name)!)).toBe(o.commitment);
      }
      const leaf = decode(bytes(step.effects.leaf!.bytes), readEventLeaf);
      expect(hex(leaf.hash)).toBe(step.effects.leaf_hash);
      const opened = { openings } as unknown as Transaction;
      const loan: ReturnType<typeof loanTerms> | null = body.detail.is === "register" ? loanTerms(opened, body.detail.registration.loan!) : null;
      const applied = apply(contract, {
        contractId: id, sequence: contract?.events ?? 0n, action: step.action, body, resolved: decodeResolved(leaf.resolved),
        time: BigInt(step.time_ms), terms: loan, payment: step.action === "fund.disburse" || step.action === "fund.repay" ? paymentValues(opened) : null,
      });
      const [code, field] = step.effects.outcome;
      expect([step.section, applied.refusal?.code ?? 0, applied.refusal?.field ?? ""]).toEqual([step.section, code, field]);
      if (applied.contract === null) { refused++; continue; }
      accepted++;
      contract = applied.contract;
      const written = new Map(step.effects.writes.map((write) => [write.key, write.value.bytes]));
      expect(hex(encodeState(contract))).toBe(written.get(stateName));
      if (written.has(termsName)) expect(hex(encodeTerms(contract))).toBe(written.get(termsName));
    }
    expect([accepted, refused]).toEqual([15, 4]);
  });
});

describe("governance.json", () => {
  const governance = golden("governance.json");
  it("genesis with governance", () => {
    const genesis = decodeGenesis(bytes(governance.genesis.bytes));
    expect(hex(genesis.digest)).toBe(governance.genesis.sha256);
    expect(genesis.governance!.electors).toEqual(["org-a", "org-b", "org-c", "org-d"]);
  });

  it("every body of the story has the shape of its action", () => {
    for (const step of governance.story) expect([step.action, decodeBody(step.action, bytes(step.body.bytes))?.detail.is]).toEqual([step.action, "other"]);
  });

  it("the genesis of a ceremony, and a statement of succession by one of its authorities", () => {
    const genesis = decodeGenesis(bytes(governance.ceremony.genesis.bytes));
    expect(genesis.approvalsRequired).toBe(true);
    const statement = decodeStatement(bytes(governance.ceremony.succession_statement.bytes));
    expect(statement.header.contentType).toBe("application/vnd.probatum.succession+cbor");
    expect(hex(statement.payload)).toBe(governance.ceremony.succession.bytes);
    const authority = genesis.authorities.find((key) => compare(sha256(key), statement.header.keyId) === 0);
    if (authority !== undefined) verifyStatement(statement, authority);
    expect(fromHex("0g")).toBeNull();
  });
});
