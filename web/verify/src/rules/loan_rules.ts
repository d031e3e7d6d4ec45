/** What a loan with explicit rows permits, and the invariants: docs/spec/contracts.md sections 6 and 9. */
import {
  type Attempt, Code, type Contract, type Posting, type PostingChanges, type Refusal,
  kActive, kRegistered, kSettled, missingConsent,
} from "./contract.js";
import { type LoanBook, type LoanTerms, type Totals, encodeLoanBook } from "./loan_book.js";
import {
  Account, type Allocation, type MoneyBook, type Movement, dueOf, kMaxAmount, outstanding, record,
} from "./money_book.js";
import { equal } from "../bytes.js";

const refused = (code: number, field: string): Refusal => ({ code, field });
const kClaims = 3;

export function checkLoanTerms(terms: LoanTerms): Refusal | null {
  if (terms.principal <= 0n) return refused(Code.amountInvalid, "terms.principal");
  const classes = new Set(terms.allocation);
  const eachOnce = terms.allocation.length === kClaims && classes.size === kClaims;
  if (!eachOnce) return refused(Code.termsInvalid, "terms.allocation");
  let [principal, interest] = [0n, 0n];
  let previous = terms.contractDate - 1;
  for (const row of terms.rows) {
    if (row.due <= previous) return refused(Code.termsInvalid, "terms.rows");
    const nothing = row.principal === 0n && row.interest === 0n;
    if (row.principal < 0n || row.interest < 0n || nothing) return refused(Code.amountInvalid, "terms.rows");
    principal += row.principal;
    interest += row.interest;
    if (principal > kMaxAmount || interest > kMaxAmount) return refused(Code.amountInvalid, "terms.rows");
    previous = row.due;
  }
  return principal === terms.principal ? null : refused(Code.termsInvalid, "terms.rows");
}

export interface PaymentKind { is: "disburse" | "repay"; currency: string; date: number }

/** `fund.disburse` and `fund.repay`. The order of refusals is that of the specification. */
export function payRules(
  contract: Contract, attempt: Attempt, kind: PaymentKind, changes: PostingChanges,
): Refusal | null {
  const { amount, valueDate } = attempt.payment!;
  const refusal = mayPay(contract, attempt, kind) ??
    enter(contract, { sequence: attempt.sequence, is: kind.is, amount, valueDate }, attempt, changes);
  if (refusal !== null) return refusal;
  return attempt.resolved.bankReferenceUsed === false ? null : refused(Code.bankReferenceUsed, "bank_reference");
}

/** `contract.settle`: the movement that closes the book. */
export function settleRules(
  contract: Contract, attempt: Attempt, date: number, changes: PostingChanges,
): Refusal | null {
  if (contract.phase !== kActive) return refused(Code.wrongState, "phase");
  const closing: Movement = { sequence: attempt.sequence, is: "settle", amount: 0n, valueDate: date };
  const refusal = enter(contract, closing, attempt, changes);
  if (refusal === null) contract.phase = kSettled;
  return refusal;
}

/** One more movement of the book; where everything is folded again, others change their allocation. */
function enter(
  contract: Contract, movement: Movement, attempt: Attempt, changes: PostingChanges,
): Refusal | null {
  const { book, terms, postings } = contract;
  const { is, amount, valueDate } = movement;
  const earlier = (): Movement[] => [...postings].map(([sequence, posting]) => ({ sequence, ...posting }));
  const { book: after, placed, refusal } = record(terms, book.money!, movement, earlier);
  if (refusal !== null) return refusal;
  for (const { sequence, allocation } of placed) {
    const posting: Posting = sequence === attempt.sequence
      ? { is, organisation: attempt.resolved.organisation, amount, valueDate, allocation, answer: "claimed" }
      : { ...postings.get(sequence)!, allocation };
    if (!sameAllocation(posting.allocation, postings.get(sequence)?.allocation)) changes.set(sequence, posting);
  }
  book.money = after;
  book.lastMovement = attempt.sequence;
  if (is === "disburse") book.disbursements.claimed += amount;
  if (is === "repay") book.repayments.claimed += amount;
  return null;
}

function sameAllocation(a: Allocation | null, b: Allocation | null | undefined): boolean {
  if (a === null || b === null || b === undefined) return a === b;
  return a.interest === b.interest && a.principal === b.principal && a.suspense === b.suspense;
}

function mayPay(contract: Contract, attempt: Attempt, kind: PaymentKind): Refusal | null {
  const { terms, book, checker } = contract;
  const { amount, valueDate } = attempt.payment!;
  if (contract.phase !== kActive) {
    const missing = contract.phase === kSettled ? null : missingConsent(contract);
    return missing ?? refused(Code.wrongState, "phase");
  }
  const { organisation, member } = attempt.resolved;
  const checked = checker !== null && checker.organisation === organisation && checker.member === member;
  if (checked) return refused(Code.samePerson, "member");
  const first = book.money!.firstDisbursed;
  if (kind.is === "repay" && first === null) return refused(Code.wrongState, "phase");
  if (kind.currency !== terms.currency) return refused(Code.currencyMismatch, "currency");
  if (amount <= 0n) return refused(Code.amountInvalid, "amount");
  const oldest = terms.maxBackValueDays === null ? -Infinity : kind.date - terms.maxBackValueDays;
  const fits = valueDate >= terms.contractDate && valueDate <= kind.date && valueDate >= oldest;
  return fits && (kind.is === "disburse" || valueDate >= first!) ? null : refused(Code.valueDateInvalid, "value_date");
}

/** A contract before and after one event, with what the event makes or changes. */
export interface Transition {
  before: Contract;
  after: Contract;
  attempt: Attempt;
  changes: PostingChanges;
  date: number;
}

/** The first invariant that the result breaks; null if all hold. Recomputed from the contract, not from the rule. */
export function checkInvariants(of: Transition): string | null {
  const { before, after, changes } = of;
  const { book, terms, phase } = after;
  if (phase !== kRegistered && missingConsent(after) !== null) return "I5";
  if ((book.money !== null) !== (phase !== kRegistered)) return "I5";
  if (book.money !== null && book.money.closed !== (phase === kSettled)) return "I13";
  const money = book.money === null ? null : moneyHolds(terms, book.money);
  const broken = money ?? totalsHold(book) ?? changesHold(of);
  if (broken !== null) return broken;
  const changed = !equal(encodeLoanBook(before.book), encodeLoanBook(book)) || changes.size > 0;
  return before.phase === kSettled && changed ? "I13" : null;
}

/** What can be checked from a book alone: docs/spec/loan-book.md section 10. */
function moneyHolds(terms: LoanTerms, book: MoneyBook): string | null {
  const a = book.accounts;
  if (a.reduce((x, y) => x + y, 0n) !== 0n || a[Account.cash] !== book.received - book.disbursed) return "I1";
  const open = book.instalments.flatMap((one) => [one.interestOpen, one.principalOpen]);
  if ([book.notDue, book.suspense, ...open].some((amount) => amount < 0n)) return "I2";
  const undrawn = book.closed ? 0n : terms.principal - book.disbursed;
  if (book.disbursed > terms.principal || a[Account.undrawn] !== undrawn || a[Account.contra] !== -undrawn) return "I3";
  const principal = book.disbursed - book.principalPaid;
  const interest = book.interestCharged - book.interestPaid;
  if (principal < 0n || principal !== a[Account.principal] || principal !== outstanding(book)) return "I4";
  if (interest < 0n || interest !== a[Account.interest] || interest !== dueOf(book).interest) return "I4";
  if (a[Account.income] !== -book.interestCharged) return "I4";
  const placed = book.principalPaid + book.interestPaid + book.suspense;
  return a[Account.suspense] === -book.suspense && book.received === placed ? null : "I7";
}

function totalsHold(book: LoanBook): string | null {
  const sum = (of: Totals): bigint => of.claimed + of.acknowledged + of.objected;
  const all = [...Object.values(book.disbursements), ...Object.values(book.repayments)];
  if (all.some((amount) => amount < 0n)) return "I2";
  if (sum(book.disbursements) !== (book.money?.disbursed ?? 0n)) return "I4";
  return sum(book.repayments) === (book.money?.received ?? 0n) ? null : "I7";
}

function changesHold(of: Transition): string | null {
  for (const [sequence, posting] of of.changes) {
    if (sequence > of.attempt.sequence) return "I11";
    const broken = sequence === of.attempt.sequence ? movementHolds(of, posting) : null;
    if (broken !== null) return broken;
  }
  return null;
}

function movementHolds({ before, after, attempt, date }: Transition, posting: Posting): string | null {
  if (after.book.lastMovement !== attempt.sequence) return "I18";
  if (attempt.payment !== null && attempt.resolved.bankReferenceUsed !== false) return "I6";
  if (posting.valueDate < after.terms.contractDate || posting.valueDate > date) return "I12";
  const parts = posting.allocation;
  if (parts === null) return null;
  if (parts.interest + parts.principal + parts.suspense !== posting.amount) return "I7";
  const last = before.book.money?.asOf ?? null;
  return last !== null && posting.valueDate < last ? null : orderHolds(after, parts);
}

/** I7 and I8 of a payment that nothing follows in the fold. */
function orderHolds({ terms, book }: Contract, parts: Allocation): string | null {
  const due = dueOf(book.money!);
  let earlierOpen = false;
  for (const claim of terms.allocation) {
    const name = claim === 2 ? "interest" : claim === 3 ? "principal" : null;
    if (name === null) continue;
    if (parts[name] > 0n && earlierOpen) return "I8";
    earlierOpen ||= due[name] > 0n;
  }
  return parts.suspense > 0n && (earlierOpen || outstanding(book.money!) > 0n) ? "I7" : null;
}
