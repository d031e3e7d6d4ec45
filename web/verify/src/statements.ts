/** Checks of signed transactions: what they say, what they open, who signed them. */
import { type Bytes, equal, hex } from "./bytes.js";
import { type Case } from "./case.js";
import { keyId, verifyStatement } from "./cose.js";
import { demand, fail } from "./failure.js";
import { commitment } from "./hash.js";
import { type Member } from "./genesis.js";
import { compareText, decodeBody } from "./rules/body.js";
import { decodeResolved, kHighestRules, kKeyActive } from "./rules/resolved.js";
import { checkValue, contractId } from "./rules/values.js";
import { type Transaction, kTransactionType } from "./transaction.js";

const kLongestValidityMs = 86_400_000n;

/**
 * Content type, chain, subject, known action, validity. `subject` is the contract's id; null where the statement decides
 * itself whether it names one. `rules`: the version that it was judged by. An action or a version that this verifier does
 * not know marks the case as unsupported.
 */
export function checkStatement(of: Case, transaction: Transaction, at: { time: bigint; subject: Bytes | null; rules: bigint; first?: boolean }): void {
  const { header } = transaction.statement;
  demand(header.contentType === kTransactionType, "malformed", "content type");
  demand(equal(header.chainId, of.genesis.digest), "foreign_chain");
  demand(transaction.validUntil >= at.time, "expired");
  demand(transaction.validUntil <= at.time + kLongestValidityMs, "valid_too_long");
  if (at.subject !== null) demand(header.subject === hex(at.subject), "evidence_mismatch", "subject");
  const body = at.rules > kHighestRules ? null : decodeBody(transaction.action, transaction.body);
  if (body === null || !body.supported) of.unsupported = true;
  if (body === null) return;
  if (at.first !== undefined) demand(at.first === (body.detail.is === "register"), "evidence_mismatch", "place of the registration");
  of.bodies.set(transaction, body);
  const aboutContract = /^(contract|fund)\./.test(transaction.action);
  if (at.subject === null && (aboutContract || header.subject !== null)) {
    const mayHaveOne = aboutContract || transaction.action === "evidence.deposit";
    demand(mayHaveOne && header.subject !== null && /^[0-9a-f]{64}$/.test(header.subject), "evidence_mismatch", "subject");
  }
  if (body.detail.is === "register") {
    const id = contractId(of.genesis.digest, header.issuer, body.detail.registration.number);
    demand(header.subject === hex(id), "evidence_mismatch", "subject");
  }
}

export interface Openings { matching: number; hidden: number }

/** Each opening that is shown matches its commitment; the sealed fields without one are counted. */
export function checkOpenings(of: Case, transaction: Transaction): Openings {
  const body = of.bodies.get(transaction) ?? fail("not-supported");
  for (const [name, opening] of transaction.openings) {
    const committed = body.sealed.get(name) ?? body.side.get(name) ?? fail("bad_commitment", name);
    demand(equal(commitment(opening.salt, name, opening.value), committed), "bad_commitment", name);
    if (body.sealed.has(name)) checkValue(name, opening.value);
  }
  const hidden = [...body.sealed.keys()].filter((name) => !transaction.openings.has(name)).length;
  return { matching: transaction.openings.size, hidden };
}

/** How often each sealed field is hidden: name and count, names ascending. */
export function hiddenFields(of: Case, transactions: Transaction[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const transaction of transactions) {
    for (const name of of.bodies.get(transaction)?.sealed.keys() ?? []) {
      if (!transaction.openings.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => compareText(a, b));
}

/** The member of genesis whose key signed. */
export function checkSignature(of: Case, transaction: Transaction): Member {
  const { header } = transaction.statement;
  const member = of.genesis.members.get(hex(header.keyId)) ?? fail("unknown_key", hex(header.keyId));
  demand(member.organisation === header.issuer, "issuer_mismatch", header.issuer);
  demand(equal(keyId(member.key), header.keyId), "unknown_key");
  verifyStatement(transaction.statement, member.key);
  return member;
}

/** The resolved inputs name the signer as genesis does. */
export function checkResolved(member: Member, bytes: Bytes): void {
  const resolved = decodeResolved(bytes);
  const sameCertificate = resolved.certificate === null || member.certificate === null
    ? resolved.certificate === member.certificate
    : equal(resolved.certificate, member.certificate);
  const same = resolved.organisation === member.organisation && resolved.member === member.id && sameCertificate &&
    resolved.keyStatus === kKeyActive && resolved.roles.join() === member.roles.join();
  demand(same, "evidence_mismatch", "resolved inputs");
}
