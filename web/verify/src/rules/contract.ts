/**
 * `apply`: a contract's state as the fold of its events (docs/spec/contracts.md). Pure; written from the specification.
 * What all kinds share stands here; what is a loan's own in loan_rules.ts.
 */
import { type Bytes, equal } from "../bytes.js";
import { encodeArray, encodeBytes, encodeInt, encodeText, kNull } from "../cbor_encode.js";
import { sha256 } from "../hash.js";
import { type Body, type Party, type Registration, encodeDigests, kBorrower, kLender, kSettlementBank } from "./body.js";
import { checkInvariants, checkLoanTerms, payRules, settleRules } from "./loan_rules.js";
import { type LoanBook, type LoanTerms, copyBook, emptyBook, encodeLoanBook, encodeLoanTerms } from "./loan_book.js";
import { type Allocation, type MovementKind, openBook } from "./money_book.js";
import { type PaymentValues } from "./values.js";
import { permission } from "./permissions.js";
import { type Resolved, kKeyActive } from "./resolved.js";

export interface Refusal { code: number; field: string }

/** Numbers of docs/errors.md. */
export const Code = {
  tooLarge: 102,
  notAParty: 200, roleMissing: 201, samePerson: 203, idempotencyConflict: 204, wrongCounterparty: 205, overDisbursement: 300,
  notSigned: 301, notApproved: 302, wrongState: 303, bankReferenceUsed: 304, alreadyExists: 305, contractUnknown: 306,
  termsInvalid: 307, alreadySigned: 308, documentMismatch: 309, amountInvalid: 310, currencyMismatch: 311,
  valueDateInvalid: 312, balanceOutstanding: 313, eventUnknown: 314, alreadyAnswered: 315, digestRequired: 316,
  invariantViolated: 318, alreadyApproved: 319, replayConflict: 342,
} as const;

export interface Mark { organisation: string; member: string; sequence: bigint }
export type Answer = "claimed" | "acknowledged" | "objected";
/** One movement; its allocation as the book stands now, for a payment that is folded in before it changes it. */
export interface Posting {
  is: MovementKind;
  organisation: string;
  amount: bigint;
  valueDate: number;
  allocation: Allocation | null;
  answer: Answer;
}
/** What an event makes or changes, by the sequence of the movement. */
export type PostingChanges = Map<bigint, Posting>;

export const kRegistered = 1;
export const kActive = 2;
export const kSettled = 3;

export interface Contract {
  id: Bytes;
  organisation: string;
  registration: Registration;
  terms: LoanTerms;
  termsDigest: Bytes;
  phase: number;
  events: bigint;
  registrar: Mark;
  signatures: Mark[];
  maker: Mark | null;
  checker: Mark | null;
  records: bigint;
  book: LoanBook;
  /** By the sequence of the event. */
  postings: Map<bigint, Posting>;
}

export interface Attempt {
  contractId: Bytes;
  sequence: bigint;
  action: string;
  body: Body;
  resolved: Resolved;
  /** Milliseconds of the block. */
  time: bigint;
  /** The opened values of a registration or a payment. */
  terms: LoanTerms | null;
  payment: PaymentValues | null;
}

export type Applied = { contract: Contract; refusal: null } | { contract: null; refusal: Refusal };

const refused = (code: number, field: string): Refusal => ({ code, field });
const kDayMs = 86_400_000n;

/** The civil date of an instant under an offset from UTC: days since 1970-01-01. */
export function civilDate(time: bigint, utcOffsetMinutes: number): number {
  return Number((time + BigInt(utcOffsetMinutes) * 60_000n) / kDayMs);
}

export function apply(contract: Contract | null, attempt: Attempt): Applied {
  const common = checkCommon(contract, attempt);
  if (common !== null) return { contract: null, refusal: common };
  const before = contract ?? newContract(attempt);
  const after = copy(before);
  const date = civilDate(attempt.time, after.terms.utcOffsetMinutes);
  const changes: PostingChanges = new Map();
  const refusal = contract === null ? checkRegistration(attempt) : change(after, attempt, date, changes);
  if (refusal !== null) return { contract: null, refusal };
  after.events = attempt.sequence + 1n;
  const broken = checkInvariants({ before, after, attempt, changes, date });
  if (broken !== null) return { contract: null, refusal: refused(Code.invariantViolated, broken) };
  for (const [sequence, posting] of changes) after.postings.set(sequence, posting);
  return { contract: after, refusal: null };
}

function checkCommon(contract: Contract | null, attempt: Attempt): Refusal | null {
  const { resolved, action, body } = attempt;
  if (resolved.idempotencyKeyUsed) return refused(Code.idempotencyConflict, "idempotency_key");
  const registers = body.detail.is === "register";
  if (registers && contract !== null) return refused(Code.alreadyExists, "number");
  if (!registers && contract === null) return refused(Code.contractUnknown, "subject");
  const parties = registers ? (body.detail as { registration: Registration }).registration.parties : contract!.registration.parties;
  const verdict = permission(action, parties, resolved);
  if (verdict === "not_a_party") return refused(Code.notAParty, "issuer");
  if (verdict === "role_missing" || resolved.keyStatus !== kKeyActive) return refused(Code.roleMissing, "role");
  return null;
}

function registrationOf(attempt: Attempt): Registration {
  return (attempt.body.detail as { registration: Registration }).registration;
}

function newContract(attempt: Attempt): Contract {
  const registration = registrationOf(attempt);
  const terms = attempt.terms!;
  const organisation = attempt.resolved.organisation;
  const bytes = encodeTerms({ id: attempt.contractId, organisation, registration, terms });
  return {
    id: attempt.contractId, organisation, registration, terms, termsDigest: sha256(bytes), phase: kRegistered, events: 0n,
    registrar: markOf(attempt), signatures: [], maker: null, checker: null, records: 0n, book: emptyBook(), postings: new Map(),
  };
}

/** The map of postings is shared, so that a long history folds in linear time: only an accepted event writes to it. */
function copy(contract: Contract): Contract {
  return { ...contract, signatures: [...contract.signatures], book: copyBook(contract.book) };
}

function markOf(attempt: Attempt): Mark {
  return { organisation: attempt.resolved.organisation, member: attempt.resolved.member, sequence: attempt.sequence };
}

const samePerson = (a: Mark, b: Mark): boolean => a.organisation === b.organisation && a.member === b.member;

function checkRegistration(attempt: Attempt): Refusal | null {
  const { parties, documents, links } = registrationOf(attempt);
  if (attempt.resolved.partiesRegistered !== true || !partiesFit(parties)) return refused(Code.termsInvalid, "parties");
  if (links.length > 0 && attempt.resolved.linksKnown !== true) return refused(Code.termsInvalid, "links");
  if (links.some((link, i) => links.slice(0, i).some((other) => equal(other.contract, link.contract)))) return refused(Code.termsInvalid, "links");
  const loan = checkLoanTerms(attempt.terms!);
  if (loan !== null) return loan;
  if (documents.some((document) => document.sha256 === null || document.sm3 === null)) return refused(Code.digestRequired, "documents");
  const alike = documents.some((document, i) =>
    documents.slice(0, i).some((other) => equal(other.sha256!, document.sha256!) || equal(other.sm3!, document.sm3!)));
  return documents.length === 0 || alike ? refused(Code.termsInvalid, "documents") : null;
}

function partiesFit(parties: readonly Party[]): boolean {
  const of = (capacity: number): Party[] => parties.filter((party) => party.capacity === capacity);
  if (of(kLender).length !== 1 || of(kBorrower).length === 0 || of(kSettlementBank).length > 1) return false;
  // An organisation stands once, except that the lender may be the settlement bank.
  const single = parties.filter((party) => party.capacity !== kSettlementBank || party.organisation !== of(kLender)[0]!.organisation);
  return new Set(single.map((party) => party.organisation)).size === single.length;
}

function change(contract: Contract, attempt: Attempt, date: number, changes: PostingChanges): Refusal | null {
  const { detail } = attempt.body;
  switch (detail.is) {
    case "deposit": return recordDeposit(contract, detail.document);
    case "sign": return sign(contract, attempt, detail.documents);
    case "approve": return detail.capacity === 1 ? approveAsMaker(contract, attempt) : approveAsChecker(contract, attempt);
    case "activate": return activateContract(contract);
    case "settle": return settleRules(contract, attempt, date, changes);
    case "disburse":
    case "repay": return payRules(contract, attempt, { is: detail.is, currency: detail.currency, date }, changes);
    case "acknowledge": return acknowledge(contract, attempt, detail, changes);
    default: return refused(Code.roleMissing, "role");
  }
}

function recordDeposit(contract: Contract, document: { sha256: Bytes | null; sm3: Bytes | null }): Refusal | null {
  if (document.sha256 === null || document.sm3 === null) return refused(Code.digestRequired, "digests");
  contract.records++;
  return null;
}

function sign(contract: Contract, attempt: Attempt, documents: Bytes): Refusal | null {
  const mark = markOf(attempt);
  if (contract.signatures.some((other) => other.organisation === mark.organisation)) return refused(Code.alreadySigned, "issuer");
  if (contract.phase !== kRegistered) return refused(Code.wrongState, "phase");
  const registered = encodeArray(contract.registration.documents.map(encodeDigests));
  if (!equal(registered, documents)) return refused(Code.documentMismatch, "documents");
  contract.signatures.push(mark);
  return null;
}

function approveAsMaker(contract: Contract, attempt: Attempt): Refusal | null {
  if (contract.phase !== kRegistered) return refused(Code.wrongState, "phase");
  if (!attempt.resolved.roles.includes(4)) return refused(Code.roleMissing, "role");
  if (contract.maker !== null) return refused(Code.alreadyApproved, "capacity");
  contract.maker = markOf(attempt);
  return null;
}

function approveAsChecker(contract: Contract, attempt: Attempt): Refusal | null {
  if (contract.phase !== kRegistered) return refused(Code.wrongState, "phase");
  if (!attempt.resolved.roles.includes(5)) return refused(Code.roleMissing, "role");
  if (contract.checker !== null) return refused(Code.alreadyApproved, "capacity");
  if (contract.maker === null) return refused(Code.notApproved, "maker");
  const mark = markOf(attempt);
  if (samePerson(mark, contract.maker) || samePerson(mark, contract.registrar)) return refused(Code.samePerson, "member");
  contract.checker = mark;
  return null;
}

/** I5: every signature but that of a settlement bank that is nothing else, and both approvals. */
export function missingConsent(contract: Contract): Refusal | null {
  for (const party of contract.registration.parties) {
    const signed = contract.signatures.some((mark) => mark.organisation === party.organisation);
    if (party.capacity !== kSettlementBank && !signed) return refused(Code.notSigned, "signatures");
  }
  if (contract.maker === null) return refused(Code.notApproved, "maker");
  return contract.checker === null ? refused(Code.notApproved, "checker") : null;
}

function activateContract(contract: Contract): Refusal | null {
  if (contract.phase !== kRegistered) return refused(Code.wrongState, "phase");
  const missing = missingConsent(contract);
  if (missing !== null) return missing;
  contract.book.money = openBook(contract.terms);
  contract.phase = kActive;
  return null;
}

function acknowledge(
  contract: Contract, attempt: Attempt, answer: { target: bigint; accept: boolean }, changes: PostingChanges,
): Refusal | null {
  if (contract.phase !== kActive) return refused(Code.wrongState, "phase");
  const posting = contract.postings.get(answer.target);
  if (posting === undefined || posting.is === "settle") return refused(Code.eventUnknown, "target");
  const borrows = (organisation: string): boolean =>
    contract.registration.parties.some((party) => party.organisation === organisation && party.capacity === kBorrower);
  const signer = attempt.resolved.organisation;
  const sameSide = signer === posting.organisation || (borrows(signer) && borrows(posting.organisation));
  if (sameSide) return refused(Code.wrongCounterparty, "issuer");
  if (posting.answer !== "claimed") return refused(Code.alreadyAnswered, "target");
  const said = answer.accept ? "acknowledged" : "objected";
  changes.set(answer.target, { ...posting, answer: said });
  const totals = posting.is === "disburse" ? contract.book.disbursements : contract.book.repayments;
  totals.claimed -= posting.amount;
  totals[said] += posting.amount;
  return null;
}

function encodeMark(mark: Mark | null): Bytes {
  return mark === null ? kNull : encodeArray([encodeText(mark.organisation), encodeText(mark.member), encodeInt(mark.sequence)]);
}

/** The bytes of `contract-terms`. */
export function encodeTerms(of: { id: Bytes; organisation: string; registration: Registration; terms: LoanTerms }): Bytes {
  const { number, parties, kind, documents, links } = of.registration;
  return encodeArray([
    encodeBytes(of.id), encodeText(kind), encodeText(of.organisation), encodeText(number),
    encodeArray(parties.map((party) => encodeArray([encodeText(party.organisation), encodeInt(BigInt(party.capacity))]))),
    encodeLoanTerms(of.terms),
    encodeArray(documents.map((document) => encodeArray([encodeDigests(document), encodeText(document.name), encodeText(document.mediaType)]))),
    encodeArray(links.map((link) => encodeArray([encodeInt(BigInt(link.relation)), encodeBytes(link.contract)]))),
  ]);
}

/** The bytes of `contract-state`, whose SHA-256 stands in the contract's head. */
export function encodeState(contract: Contract): Bytes {
  return encodeArray([
    encodeBytes(contract.termsDigest), encodeInt(1n), encodeInt(BigInt(contract.phase)), encodeInt(contract.events),
    encodeMark(contract.registrar), encodeArray(contract.signatures.map(encodeMark)), encodeMark(contract.maker),
    encodeMark(contract.checker), encodeInt(contract.records), encodeArray([encodeInt(1n), encodeLoanBook(contract.book)]),
  ]);
}
