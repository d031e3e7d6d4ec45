/** What a valid bundle says, for the report: docs/spec/evidence.md section 6. Stable names, minor units, no language. */
import { equal, hex } from "./bytes.js";
import { type BundleEvent, type RecordPart, type UseList, type ValidatorChange, kContractUser, kDocumentUse } from "./bundle.js";
import { type Case, bodyOf } from "./case.js";
import { keyId } from "./cose.js";
import { type ValidatorSet, quorum } from "./chain.js";
import { clockBoundMs } from "./genesis.js";
import { contractFacts } from "./contract_facts.js";
import { type JsonObject } from "./report.js";
import { type Provenance } from "./rules/body.js";
import { amountOf, valueDateOf } from "./rules/values.js";
import { hiddenFields } from "./statements.js";
import { dateText, instantText } from "./time.js";
import { type Transaction } from "./transaction.js";
import { decodeResolved } from "./rules/resolved.js";

export function factsOf(of: Case): JsonObject {
  const { bundle, genesis } = of;
  const head = bundle.head.header;
  const facts: JsonObject = {
    subject_kind: bundle.subject.kind,
    subject: hex(bundle.subject.id),
    chain_name: genesis.chainName,
    chain_id: hex(genesis.digest),
    height: head.height,
    block: hex(head.id),
    time: instantText(head.time),
    times: { external: null, consensus: instantText(head.time), clock_bound_ms: head.epoch === 0n ? clockBoundMs(genesis) : null, independent_anchor: null },
  };
  if (bundle.contract !== null) facts["contract"] = contractFacts(of);
  if (bundle.record !== null) facts["record"] = recordFacts(of, bundle.record);
  const events = bundle.contract?.events ?? [];
  const refused = bundle.contract?.refused ?? [];
  facts["event_count"] = events.length;
  facts["refused_count"] = refused.length;
  facts["events"] = events.map((event) => eventFacts(of, event));
  facts["refused"] = refused.map((event) => eventFacts(of, event));
  facts["documents"] = of.documents.map((document) => ({
    name: document.name, "sha-256": hex(document.sha256), sm3: document.sm3 === null ? "0".repeat(64) : hex(document.sm3), file: document.file,
  }));
  facts["uses"] = bundle.uses.map((list) => useFacts(of, list));
  facts["neutrality"] = neutrality(of);
  const transactions = [...events, ...refused].map((event) => event.transaction);
  const hidden = hiddenFields(of, bundle.record === null ? transactions : [bundle.record.transaction]);
  if (hidden.length > 0) facts["hidden_fields"] = hidden.map(([field, count]) => ({ field, count }));
  const changes = bundle.validatorPath.map((step, i) => changeFacts(of, step, i));
  if (changes.length > 0) facts["validator_changes"] = changes;
  return facts;
}

/** What one step of the path changed, and who decided it. */
function changeFacts(of: Case, step: ValidatorChange, at: number): JsonObject {
  const { header } = step.closing;
  const [before, after] = [of.reigns[at]!.set, of.reigns[at + 1]!.set];
  const difference = (set: ValidatorSet, without: ValidatorSet): JsonObject[] => set
    .filter(({ key }) => without.every((other) => !equal(key, other.key)))
    .map(({ organisation, key }) => ({ organisation, key_id: hex(keyId(key)) }));
  const facts: JsonObject = {
    epoch: of.reigns[at + 1]!.fromEpoch, closing_height: header.height, closing_block: hex(header.id), time: instantText(header.time),
    joined: difference(after, before), left: difference(before, after), by: step.succession === null ? "validators" : "recovery-authorities",
  };
  if (step.succession !== null) Object.assign(facts, { authorities: step.succession.length, reason: of.successions.get(step) ?? "" });
  return facts;
}

function eventFacts(of: Case, { leaf, transaction }: BundleEvent): JsonObject {
  const body = bodyOf(of, transaction);
  const { organisation, member } = decodeResolved(leaf.resolved);
  const facts: JsonObject = {
    sequence: leaf.sequence, height: leaf.height, index: leaf.index, time: instantText(leaf.time), action: transaction.action,
    organisation, member, transaction: hex(transaction.id),
  };
  const { detail } = body;
  if (detail.is === "approve") facts["note"] = detail.capacity === 1 ? "maker" : "checker";
  if (detail.is === "acknowledge") facts["note"] = `${detail.accept ? "accept" : "object"} #${detail.target}`;
  if (transaction.openings.has("amount")) facts["amount_minor"] = amountOf(transaction);
  if (transaction.openings.has("value_date")) facts["declared_date"] = dateText(valueDateOf(transaction));
  const posting = leaf.outcome.code === 0 ? of.contract?.postings.get(leaf.sequence) : undefined;
  if (posting !== undefined && posting.is !== "settle") facts["answer"] = posting.answer;
  if (posting?.allocation) {
    const { interest, principal, suspense } = posting.allocation;
    facts["allocation"] = { interest_minor: interest, principal_minor: principal, suspense_minor: suspense };
  }
  if (leaf.outcome.code !== 0) Object.assign(facts, { refusal: leaf.outcome.code, refusal_field: leaf.outcome.field });
  facts["openings_hidden"] = hasHidden(of, transaction);
  return facts;
}

function hasHidden(of: Case, transaction: Transaction): boolean {
  return [...bodyOf(of, transaction).sealed.keys()].some((name) => !transaction.openings.has(name));
}

function recordFacts(of: Case, part: RecordPart): JsonObject {
  const { header } = part.transaction.statement;
  const { detail } = bodyOf(of, part.transaction);
  const facts: JsonObject = {
    transaction: hex(part.transaction.id), action: part.transaction.action, organisation: header.issuer,
    member: of.genesis.members.get(hex(header.keyId))?.id ?? "", height: part.block.header.height,
    time: instantText(part.block.header.time), log_index: part.index, refusal: part.entry.outcome.code,
    refusal_field: part.entry.outcome.field,
  };
  if (header.subject !== null) facts["contract"] = header.subject;
  facts["provenance"] = detail.is === "deposit" ? provenanceFacts(detail.provenance) : [];
  return facts;
}

const kMethods = ["api", "upload", "device"];

/** Every field of the provenance: what is missing is shown as missing. */
function provenanceFacts(provenance: Provenance | null): JsonObject[] {
  const row = (name: string, value: string | null | undefined): JsonObject => ({ name, value: value ?? null });
  const original = provenance?.original;
  const digest = (bytes: Uint8Array | null | undefined): string | null => (bytes ? hex(bytes) : null);
  const rows = [
    row("system", provenance?.texts.get(1)), row("system-version", provenance?.texts.get(2)), row("operator", provenance?.texts.get(3)),
    row("method", provenance?.method ? kMethods[provenance.method - 1] : null),
    row("captured-at", provenance?.capturedAt != null ? instantText(provenance.capturedAt) : null),
    row("original-sha-256", digest(original?.sha256)), row("original-sm3", digest(original?.sm3)),
    row("original-size", provenance?.originalSize?.toString()),
  ];
  for (const [kind, value] of provenance?.references ?? []) rows.push(row("reference", `${kind}: ${value}`));
  for (const witness of provenance?.witnesses ?? []) rows.push(row("witness", hex(witness)));
  return rows;
}

/** The subject itself is no other use of its documents and references; neither are the deposits under a contract. A document uses nothing. */
function useFacts(of: Case, list: UseList): JsonObject {
  const own = new Set(of.bundle.subject.kind === "document" ? [] : [hex(of.bundle.subject.id)]);
  for (const event of of.bundle.contract?.events ?? []) own.add(hex(event.transaction.id));
  const record = of.bundle.record?.transaction;
  if (record !== undefined && bodyOf(of, record).detail.is !== "deposit") own.add(record.statement.header.subject ?? "");
  const others = list.uses.filter((item) => !(own.has(hex(item.subject)) || (item.kind === kContractUser && own.has(hex(item.subject)))));
  return {
    kind: list.kind === kDocumentUse ? "document" : "bank-reference", id: hex(list.id), others: others.map((item) => hex(item.subject)),
  };
}

/** Whose organisations the subject concerns: the contract's parties, or the record's maker. */
function parties(of: Case): Set<string> {
  const { contract, record } = of.bundle;
  const registration = contract?.events[0] === undefined ? null : bodyOf(of, contract.events[0].transaction).detail;
  if (registration?.is === "register") return new Set(registration.registration.parties.map((party) => party.organisation));
  return new Set(record === null ? [] : [record.transaction.statement.header.issuer]);
}

function neutrality(of: Case): JsonObject {
  const { set } = of.reigns.at(-1)!;
  const concerned = parties(of);
  const signed = new Set(of.bundle.head.certificate.signers.map((vote) => vote.signer));
  const independent = set.filter((validator) => !concerned.has(validator.organisation)).length;
  return {
    validators: set.length,
    quorum: quorum(set.length),
    independent_validators: independent,
    quorum_without_parties: independent >= quorum(set.length),
    set: set.map((validator, index) => ({
      index, organisation: validator.organisation, name: of.genesis.organisations.get(validator.organisation)?.name ?? validator.organisation,
      key_id: hex(keyId(validator.key)), signature_shown: signed.has(index), party: concerned.has(validator.organisation),
    })),
  };
}
