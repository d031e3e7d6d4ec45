/** Money of a loan with explicit rows: docs/spec/contracts.md sections 7 to 9. Amounts are minor units. */
import { type Bytes } from "../bytes.js";
import { encodeArray, encodeDate, encodeInt, encodeText, kNull } from "../cbor_encode.js";

export interface Row { due: number; principal: bigint; interest: bigint }

export interface LoanTerms {
  currency: string;
  principal: bigint;
  contractDate: number;
  utcOffsetMinutes: number;
  rows: Row[];
  allocation: number[];
  maxBackValueDays: number | null;
}

export const kAccountNames = [
  "principal-receivable", "interest-receivable", "penalty-receivable", "fee-receivable", "cash-clearing", "income",
  "suspense", "loss", "undrawn-commitment", "guarantee-exposure", "commitment-contra",
] as const;
export const Account = { principal: 0, interest: 1, cash: 4, income: 5, suspense: 6, undrawn: 8, contra: 10 } as const;

export interface Totals { claimed: bigint; acknowledged: bigint; objected: bigint }

export interface LoanBook {
  firstValueDate: number | null;
  disbursed: bigint;
  principalPaid: bigint;
  interestCharged: bigint;
  interestPaid: bigint;
  disbursements: Totals;
  repayments: Totals;
  accounts: bigint[];
}

export interface Allocation { interest: bigint; principal: bigint; suspense: bigint }

const kInterest = 2;
const kPrincipal = 3;

export function emptyBook(): LoanBook {
  const totals = () => ({ claimed: 0n, acknowledged: 0n, objected: 0n });
  return {
    firstValueDate: null, disbursed: 0n, principalPaid: 0n, interestCharged: 0n, interestPaid: 0n,
    disbursements: totals(), repayments: totals(), accounts: kAccountNames.map(() => 0n),
  };
}

export function copyBook(book: LoanBook): LoanBook {
  return { ...book, disbursements: { ...book.disbursements }, repayments: { ...book.repayments }, accounts: [...book.accounts] };
}

function post(book: LoanBook, debit: number, credit: number, amount: bigint): void {
  book.accounts[debit]! += amount;
  book.accounts[credit]! -= amount;
}

const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const above = (a: bigint): bigint => (a > 0n ? a : 0n);

/** The rows as they are owed: interest after the first value date, principal row by row up to the sum disbursed. */
export function owedRows(terms: LoanTerms, book: LoanBook): Row[] {
  let left = book.disbursed;
  return terms.rows.map((row) => {
    const principal = lesser(row.principal, left);
    left -= principal;
    const owesInterest = book.firstValueDate !== null && row.due > book.firstValueDate;
    return { due: row.due, principal, interest: owesInterest ? row.interest : 0n };
  });
}

export interface Due { principal: bigint; interest: bigint }

/** What has fallen due by the date and is not paid. */
export function dueBy(terms: LoanTerms, book: LoanBook, date: number): Due {
  const rows = owedRows(terms, book).filter((row) => row.due <= date);
  const sum = (of: (row: Row) => bigint): bigint => rows.reduce((total, row) => total + of(row), 0n);
  return { principal: above(sum((row) => row.principal) - book.principalPaid), interest: above(sum((row) => row.interest) - book.interestPaid) };
}

/** What of each row is paid: oldest first within a class. */
export function paidRows(terms: LoanTerms, book: LoanBook): Row[] {
  let { principalPaid, interestPaid } = book;
  return owedRows(terms, book).map((row) => {
    const principal = lesser(row.principal, principalPaid);
    const interest = lesser(row.interest, interestPaid);
    principalPaid -= principal;
    interestPaid -= interest;
    return { due: row.due, principal, interest };
  });
}

/** Charges the interest that has fallen due by the date, and what of it was paid ahead. */
export function advance(terms: LoanTerms, book: LoanBook, date: number): void {
  const fallen = book.interestPaid + dueBy(terms, book, date).interest;
  const newly = above(fallen - book.interestCharged);
  book.interestCharged += newly;
  post(book, Account.interest, Account.income, newly);
}

export function activate(terms: LoanTerms, book: LoanBook): void {
  post(book, Account.undrawn, Account.contra, terms.principal);
}

export function disburse(book: LoanBook, amount: bigint, valueDate: number): void {
  post(book, Account.principal, Account.cash, amount);
  post(book, Account.contra, Account.undrawn, amount);
  book.disbursed += amount;
  book.disbursements.claimed += amount;
  if (book.firstValueDate === null || valueDate < book.firstValueDate) book.firstValueDate = valueDate;
}

export function allocate(terms: LoanTerms, book: LoanBook, payment: { amount: bigint; valueDate: number }): Allocation {
  const out: Allocation = { interest: 0n, principal: 0n, suspense: 0n };
  let left = payment.amount;
  const pay = (claim: number, open: Due): void => {
    if (claim !== kInterest && claim !== kPrincipal) return;
    const name = claim === kInterest ? "interest" : "principal";
    const part = lesser(left, open[name]);
    out[name] += part;
    left -= part;
  };
  const due = dueBy(terms, book, payment.valueDate);
  for (const claim of terms.allocation) pay(claim, due);
  const paid = paidRows(terms, book);
  owedRows(terms, book).forEach((row, i) => {
    if (row.due <= payment.valueDate) return;
    const open = { interest: row.interest - paid[i]!.interest, principal: row.principal - paid[i]!.principal };
    for (const claim of terms.allocation) pay(claim, open);
  });
  out.suspense = left;
  return out;
}

export function repay(terms: LoanTerms, book: LoanBook, payment: { amount: bigint; valueDate: number }): Allocation {
  const parts = allocate(terms, book, payment);
  book.principalPaid += parts.principal;
  book.interestPaid += parts.interest;
  const ahead = above(book.interestPaid - book.interestCharged);
  book.interestCharged += ahead;
  post(book, Account.interest, Account.income, ahead);
  post(book, Account.cash, Account.interest, parts.interest);
  post(book, Account.cash, Account.principal, parts.principal);
  post(book, Account.cash, Account.suspense, parts.suspense);
  book.repayments.claimed += payment.amount;
  return parts;
}

export function settle(book: LoanBook): void {
  post(book, Account.contra, Account.undrawn, book.accounts[Account.undrawn]!);
}

function encodeTotals(totals: Totals): Bytes {
  return encodeArray([totals.claimed, totals.acknowledged, totals.objected].map(encodeInt));
}

export function encodeLoanBook(book: LoanBook): Bytes {
  return encodeArray([
    book.firstValueDate === null ? kNull : encodeDate(book.firstValueDate),
    encodeInt(book.disbursed), encodeInt(book.principalPaid), encodeInt(book.interestCharged), encodeInt(book.interestPaid),
    encodeTotals(book.disbursements), encodeTotals(book.repayments), encodeArray(book.accounts.map(encodeInt)),
  ]);
}

export function encodeLoanTerms(terms: LoanTerms): Bytes {
  const { currency, principal, contractDate, utcOffsetMinutes, rows, allocation, maxBackValueDays } = terms;
  return encodeArray([
    encodeText(currency), encodeInt(principal), encodeDate(contractDate),
    encodeInt(BigInt(utcOffsetMinutes)),
    encodeArray(rows.map((row) => encodeArray([encodeDate(row.due), encodeInt(row.principal), encodeInt(row.interest)]))),
    encodeArray(allocation.map((claim) => encodeInt(BigInt(claim)))),
    maxBackValueDays === null ? kNull : encodeInt(BigInt(maxBackValueDays)),
  ]);
}
