/** The checks of a single record, of use lists and of the reader's documents: docs/spec/evidence.md section 5. */
import { type Bytes, equal, fromHex, hex } from "./bytes.js";
import { type RecordPart, type UseList, kBankReferenceUse, kContractUser, kDocumentUse, kRecordUser } from "./bundle.js";
import { type Case, type RegisteredDocument, bodyOf, reignOf } from "./case.js";
import { verifyFinality } from "./chain.js";
import { demand } from "./failure.js";
import { sha256, sm3, stateKey } from "./hash.js";
import { encodeFrontier, frontierOf, leafHash, verifyInclusion } from "./merkle.js";
import { type Check, type Checks } from "./report.js";
import { type DocumentRef } from "./rules/body.js";
import { blindedReference, paymentValues } from "./rules/values.js";
import { holds, provenDigest } from "./state_tree.js";
import { checkOpenings, checkSignature, checkStatement } from "./statements.js";
import { instantText } from "./time.js";
import { type Transaction } from "./transaction.js";

export function checkRecord(of: Case, checks: Checks): void {
  const part = of.bundle.record!;
  checks.run("record-statement", (check) => {
    const { transaction } = part;
    check.input = hex(transaction.id);
    check.expected = transaction.statement.header.issuer;
    checkStatement(of, transaction, { time: part.block.header.time, subject: null, rules: part.block.header.rulesVersion });
    if (of.bodies.has(transaction)) of.hidden = checkOpenings(of, transaction).hidden > 0;
    checkSignature(of, transaction);
    check.found = hex(transaction.statement.header.keyId);
    if (of.unsupported) return "not-supported";
  });
  checks.run("record-entry", (check) => {
    check.input = `code ${part.entry.outcome.code}`;
    check.expected = hex(of.bundle.subject.id);
    check.found = hex(part.entry.transactionId);
    demand(check.expected === check.found && equal(part.transaction.id, of.bundle.subject.id), "evidence_mismatch");
  });
  checks.run("record-block", (check) => checkBlock(of, part, check));
  checks.run("record-inclusion", (check) => {
    const { header } = part.block;
    const leaf = leafHash(part.entry.bytes);
    check.input = `${hex(leaf)}, path ${part.path.length}`;
    check.expected = hex(header.logRoot);
    verifyInclusion({ index: part.index, size: header.logSize, leaf, root: header.logRoot, path: part.path });
    check.found = check.expected;
  });
}

function checkBlock(of: Case, part: RecordPart, check: Check): void {
  const { header } = part.block;
  const head = of.bundle.head.header;
  const before = part.parent?.logSize ?? 0n;
  check.input = `height ${header.height}, ${instantText(header.time)}`;
  check.expected = `${before} <= index < ${header.logSize}`;
  check.found = `index ${part.index}`;
  demand(equal(header.chainId, of.genesis.digest), "foreign_chain");
  verifyFinality(part.block, reignOf(of, header).set);
  demand(header.height < head.height || equal(header.id, head.id), "evidence_mismatch", "above the head");
  const isFirst = header.height === 1n;
  demand((part.parent === null) === isFirst, "evidence_mismatch", "header before");
  demand(part.parent === null || equal(part.parent.id, header.parent), "evidence_mismatch", "header before");
  demand(before <= part.index && part.index < header.logSize, "evidence_mismatch");
}

interface CalledFor { kind: number; id: Bytes; user: { kind: number; subject: Bytes } | null }

/** The lists that the subject calls for, by kind and id. */
function calledFor(of: Case): Map<string, CalledFor[]> {
  const out = new Map<string, CalledFor[]>();
  const add = (called: CalledFor): void => {
    const key = `${called.kind}${hex(called.id)}`;
    out.set(key, [...(out.get(key) ?? []), called]);
  };
  const { contract, record, subject } = of.bundle;
  if (subject.kind === "document") add({ kind: kDocumentUse, id: subject.id, user: null });
  for (const event of contract?.events ?? []) usesOf(of, event.transaction, subject.id).forEach(add);
  if (record !== null && record.entry.outcome.code === 0) {
    const named = record.transaction.statement.header.subject;
    usesOf(of, record.transaction, named === null ? null : fromHex(named)).forEach(add);
  }
  return out;
}

function usesOf(of: Case, transaction: Transaction, contract: Bytes | null): CalledFor[] {
  const { detail } = bodyOf(of, transaction);
  const document = (ref: DocumentRef, user: { kind: number; subject: Bytes }): CalledFor[] =>
    ref.sha256 === null ? [] : [{ kind: kDocumentUse, id: ref.sha256, user }];
  if (detail.is === "deposit") return document(detail.document, { kind: kRecordUser, subject: transaction.id });
  if (contract === null) return [];
  const user = { kind: kContractUser, subject: contract };
  if (detail.is === "register") return detail.registration.documents.flatMap((ref) => document(ref, user));
  const named = transaction.openings.has("bank") && transaction.openings.has("bank_reference");
  if ((detail.is !== "disburse" && detail.is !== "repay") || !named) return [];
  const { bank, bankReference } = paymentValues(transaction);
  return [{ kind: kBankReferenceUse, id: blindedReference(of.genesis.digest, bank, bankReference), user }];
}

export function checkUses(of: Case, checks: Checks): void {
  checks.run("use-lists", (check) => {
    const { uses } = of.bundle;
    check.input = `uses ${uses.reduce((sum, list) => sum + list.uses.length, 0)}`;
    if (of.unsupported) return "not-supported";
    const called = calledFor(of);
    check.expected = `lists ${called.size}`;
    check.found = `lists ${uses.length}`;
    demand(called.size === uses.length, "evidence_mismatch");
    for (const list of uses) {
      const users = called.get(`${list.kind}${hex(list.id)}`);
      demand(users !== undefined, "evidence_mismatch", "a list that is not called for");
      checkList(of, list, users);
    }
  });
}

function checkList(of: Case, list: UseList, users: CalledFor[]): void {
  const key = stateKey(list.kind === kDocumentUse ? "document" : "bank-reference", list.id);
  const proven = provenDigest(key, of.bundle.head.header.stateRoot, list.state.proof);
  demand(holds(proven, list.state.value), "evidence_mismatch", "frontier");
  demand((list.state.value === null) === (list.uses.length === 0), "evidence_mismatch", "absent list");
  const frontier = frontierOf(list.uses.map((item) => leafHash(item.bytes)));
  demand(list.state.value === null || equal(encodeFrontier(frontier), list.state.value), "evidence_mismatch", "uses");
  const shown = new Set(list.uses.map((item) => `${item.kind}${hex(item.subject)}`));
  for (const { user } of users) {
    demand(user === null || shown.has(`${user.kind}${hex(user.subject)}`), "evidence_mismatch", "the subject is not among the uses");
  }
}

/** Every document that the subject registers, once per SHA-256 digest. A document that nothing uses and one that a refused record names are not. */
function registered(of: Case): RegisteredDocument[] {
  const { subject, contract, record } = of.bundle;
  if (subject.kind === "document") {
    const used = of.bundle.uses.some((list) => list.kind === kDocumentUse && equal(list.id, subject.id) && list.uses.length > 0);
    return used ? [{ name: hex(subject.id), sha256: subject.id, sm3: null, file: "" }] : [];
  }
  if (record !== null && record.entry.outcome.code !== 0) return [];
  const transactions = contract?.events.map((event) => event.transaction) ?? [record!.transaction];
  const out = new Map<string, RegisteredDocument>();
  for (const transaction of transactions) {
    const { detail } = bodyOf(of, transaction);
    const refs = detail.is === "register" ? detail.registration.documents : detail.is === "deposit" ? [detail.document] : [];
    for (const ref of refs) {
      if (ref.sha256 === null || out.has(hex(ref.sha256))) continue;
      out.set(hex(ref.sha256), { name: ref.name, sha256: ref.sha256, sm3: ref.sm3, file: "" });
    }
  }
  return [...out.values()];
}

export function checkDocuments(of: Case, checks: Checks): void {
  checks.run("documents", (check) => {
    if (of.unsupported) return "not-supported";
    of.documents = registered(of);
    const files = of.options.documents ?? [];
    check.expected = `registered ${of.documents.length}`;
    if (files.length === 0) return "not-requested";
    check.input = files.map((file) => file.name).join(", ");
    const found: string[] = [];
    let all = true;
    for (const file of files) {
      const [sha, sm] = [sha256(file.bytes), sm3(file.bytes)];
      found.push(`sha-256 ${hex(sha)} sm3 ${hex(sm)}`);
      const match = of.documents.find((document) => equal(document.sha256, sha) && (document.sm3 === null || equal(document.sm3, sm)));
      if (match === undefined) all = false;
      else match.file = file.name;
    }
    check.found = found.join(", ");
    demand(all, "evidence_mismatch");
  });
}
