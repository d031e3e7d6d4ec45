/** What a loan with explicit rows permits, and the invariants: docs/spec/contracts.md sections 6 and 9. */
import { type Attempt, Code, type Contract, type Refusal, kActive, kSettled, missingConsent } from "./contract.js";
import { Account, type LoanBook, type LoanTerms, disburse, dueBy, encodeLoanBook, repay } from "./loan_book.js";
import { equal } from "../bytes.js";

const refused = (code: number, field: string): Refusal => ({ code, field });
const kMaxAmount = (1n << 63n) - 1n;
const kClaims = 3;

export function checkLoanTerms(terms: LoanTerms): Refusal | null {
  if (terms.principal <= 0n) return refused(Code.amountInvalid, "terms.principal");
  const classes = new Set(terms.allocation);
  if (terms.allocation.length !== kClaims || classes.size !== kClaims) return refused(Code.termsInvalid, "terms.allocation");
  let [principal, interest] = [0n, 0n];
  let previous = terms.contractDate - 1;
  for (const [i, row] of terms.rows.entries()) {
    if (row.due <= previous || (i === 0 && row.due < terms.contractDate)) return refused(Code.termsInvalid, "terms.rows");
    if (row.principal < 0n || row.interest < 0n || (row.principal === 0n && row.interest === 0n)) return refused(Code.amountInvalid, "terms.rows");
    principal += row.principal;
    interest += row.interest;
    previous = row.due;
  }
  if (principal !== terms.principal) return refused(Code.termsInvalid, "terms.rows");
  return principal + interest > kMaxAmount ? refused(Code.amountInvalid, "terms.rows") : null;
}

export interface PaymentKind { is: "disburse" | "repay"; currency: string; date: number }

/** `fund.disburse` and `fund.repay`. The order of refusals is that of the specification. */
export function payRules(contract: Contract, attempt: Attempt, kind: PaymentKind): Refusal | null {
  const refusal = mayPay(contract, attempt, kind);
  if (refusal !== null) return refusal;
  const { amount, valueDate } = attempt.payment!;
  const { terms, book } = contract;
  const totals = kind.is === "disburse" ? book.disbursements : book.repayments;
  if (totals.claimed + totals.acknowledged + totals.objected + amount > kMaxAmount) return refused(Code.amountInvalid, "amount");
  let allocation = null;
  if (kind.is === "disburse") disburse(book, amount, valueDate);
  else allocation = repay(terms, book, { amount, valueDate });
  contract.postings.set(attempt.sequence, {
    is: kind.is, organisation: attempt.resolved.organisation, amount, valueDate, allocation, answer: "claimed",
  });
  return null;
}

function mayPay(contract: Contract, attempt: Attempt, kind: PaymentKind): Refusal | null {
  const { terms, book, checker } = contract;
  const { amount, valueDate } = attempt.payment!;
  if (contract.phase !== kActive) {
    const missing = contract.phase === kSettled ? null : missingConsent(contract);
    return missing ?? refused(Code.wrongState, "phase");
  }
  const { organisation, member } = attempt.resolved;
  if (checker !== null && checker.organisation === organisation && checker.member === member) return refused(Code.samePerson, "member");
  if (kind.is === "repay" && book.firstValueDate === null) return refused(Code.wrongState, "phase");
  if (kind.currency !== terms.currency) return refused(Code.currencyMismatch, "currency");
  if (amount <= 0n) return refused(Code.amountInvalid, "amount");
  const oldest = terms.maxBackValueDays === null ? -Infinity : kind.date - terms.maxBackValueDays;
  if (valueDate < terms.contractDate || valueDate > kind.date || valueDate < oldest) return refused(Code.valueDateInvalid, "value_date");
  if (kind.is === "disburse" && amount > terms.principal - book.disbursed) return refused(Code.overDisbursement, "amount");
  if (kind.is === "repay" && valueDate < book.firstValueDate!) return refused(Code.valueDateInvalid, "value_date");
  return attempt.resolved.bankReferenceUsed === false ? null : refused(Code.bankReferenceUsed, "bank_reference");
}

/** The first invariant that the result breaks; null if all hold. Recomputed from the contract, not from the rule. */
export function checkInvariants(before: Contract, after: Contract, attempt: Attempt, date: number): string | null {
  const { book, terms, phase } = after;
  const a = book.accounts;
  const sum = (totals: { claimed: bigint; acknowledged: bigint; objected: bigint }): bigint => totals.claimed + totals.acknowledged + totals.objected;
  const paid = sum(book.repayments);
  if (a.reduce((x, y) => x + y, 0n) !== 0n || a[Account.cash] !== paid - book.disbursed) return "I1";
  if ([...Object.values(book.disbursements), ...Object.values(book.repayments)].some((amount) => amount < 0n)) return "I2";
  const undrawn = phase === kActive ? terms.principal - book.disbursed : 0n;
  if (book.disbursed > terms.principal || a[Account.undrawn] !== undrawn || a[Account.contra] !== -undrawn) return "I3";
  if (!balancesHold(book) || sum(book.disbursements) !== book.disbursed) return "I4";
  if (phase !== 1 && missingConsent(after) !== null) return "I5";
  if (paid !== book.principalPaid + book.interestPaid - a[Account.suspense]!) return "I7";
  if (before.phase === kSettled && !equal(encodeLoanBook(before.book), encodeLoanBook(book))) return "I13";
  return paymentHolds(after, attempt, date);
}

function balancesHold(book: LoanBook): boolean {
  const [principal, interest] = [book.accounts[Account.principal]!, book.accounts[Account.interest]!];
  return principal === book.disbursed - book.principalPaid && principal >= 0n && interest === book.interestCharged - book.interestPaid &&
    interest >= 0n && book.accounts[Account.income] === -book.interestCharged;
}

function paymentHolds(after: Contract, attempt: Attempt, date: number): string | null {
  const posting = after.postings.get(attempt.sequence);
  if (posting === undefined || attempt.payment === null) return null;
  if (attempt.resolved.bankReferenceUsed !== false) return "I6";
  const parts = posting.allocation;
  if (parts !== null && parts.interest + parts.principal + parts.suspense !== posting.amount) return "I7";
  const open = dueBy(after.terms, after.book, posting.valueDate);
  if (parts !== null && parts.suspense > 0n && (open.interest > 0n || open.principal > 0n)) return "I7";
  return posting.valueDate >= after.terms.contractDate && posting.valueDate <= date ? null : "I12";
}
