/** The money of a loan with explicit rows, the fold of its movements: docs/spec/loan-book.md. In minor units. */
import { type Bytes } from "../bytes.js";
import { encodeArray, encodeBool, encodeDate, encodeInt, encodeText, kNull } from "../cbor_encode.js";
import { Code, type Refusal } from "./contract.js";
import { type LoanTerms, type Row } from "./loan_book.js";

export const kMaxAmount = 10n ** 15n;
const kMaxMovements = 2048;

export const kAccountNames = [
  "principal-receivable", "interest-receivable", "penalty-receivable", "fee-receivable", "cash-clearing", "income",
  "suspense", "loss", "undrawn-commitment", "guarantee-exposure", "commitment-contra", "set-off-clearing",
] as const;
export const Account = { principal: 0, interest: 1, cash: 4, income: 5, suspense: 6, undrawn: 8, contra: 10 } as const;

export type MovementKind = "disburse" | "repay" | "settle";
export interface Movement { sequence: bigint; is: MovementKind; valueDate: number; amount: bigint }

/** Where the money of one payment went. Explicit rows have no costs, fees or penalties. */
export interface Allocation { interest: bigint; principal: bigint; suspense: bigint }

/** What fell due on one date and is not wholly paid. */
export interface Instalment {
  due: number;
  interest: bigint;
  interestOpen: bigint;
  principal: bigint;
  principalOpen: bigint;
}

export interface MoneyBook {
  /** The value date of the last movement. */
  asOf: number | null;
  movements: number;
  closed: boolean;
  firstDisbursed: number | null;
  /** How far the rows have fallen due. */
  nextStep: number;
  lastDue: number;
  ended: boolean;
  /** Principal that has not fallen due. */
  notDue: bigint;
  instalments: Instalment[];
  suspense: bigint;
  /** How far the rows have fallen due or are paid ahead. */
  rowInterest: bigint;
  rowPrincipal: bigint;
  /** To which days interest and late interest have been counted. */
  interestTo: number;
  lateTo: number;
  disbursed: bigint;
  received: bigint;
  interestCharged: bigint;
  interestPaid: bigint;
  principalPaid: bigint;
  accounts: bigint[];
}

const refused = (code: number, field: string): Refusal => ({ code, field });
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const above = (a: bigint): bigint => (a > 0n ? a : 0n);
const kInterest = 2;
const kPrincipal = 3;

export function openBook(terms: LoanTerms): MoneyBook {
  const book: MoneyBook = {
    asOf: null, movements: 0, closed: false, firstDisbursed: null,
    nextStep: 0, lastDue: terms.contractDate - 1, ended: false,
    notDue: 0n, instalments: [], suspense: 0n, rowInterest: 0n, rowPrincipal: 0n,
    interestTo: terms.contractDate, lateTo: terms.contractDate,
    disbursed: 0n, received: 0n, interestCharged: 0n, interestPaid: 0n, principalPaid: 0n,
    accounts: kAccountNames.map(() => 0n),
  };
  post(book, Account.undrawn, Account.contra, terms.principal);
  return book;
}

export function copyMoney(book: MoneyBook): MoneyBook {
  return { ...book, instalments: book.instalments.map((one) => ({ ...one })), accounts: [...book.accounts] };
}

function post(book: MoneyBook, debit: number, credit: number, amount: bigint): void {
  book.accounts[debit]! += amount;
  book.accounts[credit]! -= amount;
}

function charge(book: MoneyBook, interest: bigint): void {
  book.interestCharged += interest;
  post(book, Account.interest, Account.income, interest);
}

/** What is due and not paid. */
export function dueOf(book: MoneyBook): { principal: bigint; interest: bigint } {
  const out = { principal: 0n, interest: 0n };
  for (const one of book.instalments) {
    out.principal += one.principalOpen;
    out.interest += one.interestOpen;
  }
  return out;
}

/** Principal, due or not. */
export function outstanding(book: MoneyBook): bigint { return book.notDue + dueOf(book).principal; }

/** Interest of a row is owed if its date is after the first value date of a disbursement. */
function interestOwed(book: MoneyBook, row: Row): bigint {
  return book.firstDisbursed !== null && row.due > book.firstDisbursed ? row.interest : 0n;
}

interface Sums { interest: bigint; principal: bigint }

function rowsBefore(terms: LoanTerms, book: MoneyBook, step: number): Sums {
  const out = { interest: 0n, principal: 0n };
  for (const row of terms.rows.slice(0, step)) addRow(out, book, row);
  return out;
}

function addRow(sums: Sums, book: MoneyBook, row: Row): void {
  sums.interest += interestOwed(book, row);
  sums.principal += row.principal;
}

function addInstalment(book: MoneyBook, due: number, owed: Sums): void {
  if (owed.interest === 0n && owed.principal === 0n) return;
  let one = book.instalments.find((other) => other.due === due);
  if (one === undefined) {
    one = { due, interest: 0n, interestOpen: 0n, principal: 0n, principalOpen: 0n };
    const later = book.instalments.findIndex((other) => other.due > due);
    book.instalments.splice(later === -1 ? book.instalments.length : later, 0, one);
  }
  one.interest += owed.interest;
  one.interestOpen += owed.interest;
  one.principal += owed.principal;
  one.principalOpen += owed.principal;
}

/** Lets fall due what falls due by the date: in place. */
export function advance(terms: LoanTerms, book: MoneyBook, date: number): void {
  if (book.closed || book.ended) return;
  const upTo = rowsBefore(terms, book, book.nextStep);
  for (let row = terms.rows[book.nextStep]; row !== undefined && row.due <= date; row = terms.rows[book.nextStep]) {
    const last = book.nextStep + 1 === terms.rows.length;
    addRow(upTo, book, row);
    const interest = above(upTo.interest - book.rowInterest);
    const principal = last ? book.notDue : lesser(above(upTo.principal - book.rowPrincipal), book.notDue);
    book.rowInterest += interest;
    book.rowPrincipal += principal;
    book.notDue -= principal;
    charge(book, interest);
    addInstalment(book, row.due, { interest, principal });
    book.lateTo = Math.max(book.lateTo, row.due);
    book.nextStep++;
    book.lastDue = row.due;
    book.ended = last;
  }
}

/** Rows whose date has passed take principal that is disbursed afterwards. */
function fillPastRows(terms: LoanTerms, book: MoneyBook): void {
  let upTo = 0n;
  for (const [i, row] of terms.rows.entries()) {
    if (row.due > book.lastDue) return;
    upTo += row.principal;
    const room = i + 1 === terms.rows.length ? book.notDue : above(upTo - book.rowPrincipal);
    const principal = lesser(room, book.notDue);
    addInstalment(book, row.due, { interest: 0n, principal });
    book.notDue -= principal;
    book.rowPrincipal += principal;
  }
}

function disburse(terms: LoanTerms, book: MoneyBook, { amount, valueDate }: Movement): Refusal | null {
  if (amount > book.accounts[Account.undrawn]!) return refused(Code.overDisbursement, "amount");
  book.interestTo = Math.max(book.interestTo, valueDate);
  book.lateTo = Math.max(book.lateTo, valueDate);
  book.notDue += amount;
  book.disbursed += amount;
  post(book, Account.principal, Account.cash, amount);
  post(book, Account.contra, Account.undrawn, amount);
  book.firstDisbursed ??= valueDate;
  fillPastRows(terms, book);
  return null;
}

/** Gives one amount to what is owed, and counts what is left of it. */
class Payer {
  readonly allocation: Allocation = { interest: 0n, principal: 0n, suspense: 0n };
  constructor(private readonly book: MoneyBook, private left: bigint) {}

  /** Class by class in the order of the terms, oldest instalment first within a class. */
  payDue(terms: LoanTerms): void {
    for (const claim of terms.allocation) {
      for (const one of this.book.instalments) {
        if (claim === kInterest) one.interestOpen -= this.take("interest", one.interestOpen);
        if (claim === kPrincipal) one.principalOpen -= this.take("principal", one.principalOpen);
      }
    }
    this.book.instalments = this.book.instalments.filter((one) => one.interestOpen > 0n || one.principalOpen > 0n);
  }

  /** Row by row in date order, in the order of claims. Interest paid ahead is income when it is paid. */
  payRowsAhead(terms: LoanTerms): void {
    const { book } = this;
    if (book.ended) return;
    const upTo = rowsBefore(terms, book, book.nextStep);
    for (let i = book.nextStep; i < terms.rows.length && this.left > 0n; i++) {
      addRow(upTo, book, terms.rows[i]!);
      for (const claim of terms.allocation) this.payRow(claim, upTo, i + 1 === terms.rows.length);
    }
  }

  private payRow(claim: number, upTo: Sums, last: boolean): void {
    const { book } = this;
    if (claim === kInterest) {
      const part = lesser(above(upTo.interest - book.rowInterest), this.left);
      charge(book, part);
      book.rowInterest += this.take("interest", part);
    } else if (claim === kPrincipal) {
      const room = last ? book.notDue : above(upTo.principal - book.rowPrincipal);
      const part = this.take("principal", lesser(room, book.notDue));
      book.rowPrincipal += part;
      book.notDue -= part;
    }
  }

  finish(): Allocation {
    this.allocation.suspense = this.left;
    this.book.suspense += this.left;
    post(this.book, Account.cash, Account.suspense, this.left);
    return this.allocation;
  }

  private take(claim: "interest" | "principal", atMost: bigint): bigint {
    const part = lesser(atMost, this.left);
    this.left -= part;
    this.allocation[claim] += part;
    this.book[claim === "interest" ? "interestPaid" : "principalPaid"] += part;
    post(this.book, Account.cash, Account[claim], part);
    return part;
  }
}

function close(book: MoneyBook): Refusal | null {
  if (outstanding(book) > 0n) return refused(Code.balanceOutstanding, "principal");
  if (dueOf(book).interest > 0n) return refused(Code.balanceOutstanding, "interest");
  post(book, Account.contra, Account.undrawn, book.accounts[Account.undrawn]!);
  book.ended = true;
  book.closed = true;
  return null;
}

interface Placed { sequence: bigint; refusal: Refusal | null; allocation: Allocation | null }

/** One movement on the book of all before it: in place. */
function takeIn(terms: LoanTerms, book: MoneyBook, movement: Movement): Placed {
  const placed: Placed = { sequence: movement.sequence, refusal: null, allocation: null };
  book.movements++;
  advance(terms, book, movement.valueDate);
  if (book.closed) placed.refusal = refused(Code.wrongState, "phase");
  else if (movement.is === "disburse") placed.refusal = disburse(terms, book, movement);
  else if (movement.is === "settle") placed.refusal = close(book);
  else if (movement.amount > kMaxAmount) placed.refusal = refused(Code.amountInvalid, "amount");
  else if (book.firstDisbursed === null) placed.refusal = refused(Code.wrongState, "phase");
  else {
    book.received += movement.amount;
    book.lateTo = Math.max(book.lateTo, movement.valueDate);
    const payer = new Payer(book, movement.amount);
    payer.payDue(terms);
    payer.payRowsAhead(terms);
    placed.allocation = payer.finish();
  }
  book.asOf = movement.valueDate;
  return placed;
}

export interface Recorded { book: MoneyBook; placed: Placed[]; refusal: Refusal | null }

/** The order of the fold: by value date, and of one date by sequence. */
function inOrder(a: Movement, b: Movement): number {
  if (a.valueDate !== b.valueDate) return a.valueDate - b.valueDate;
  return a.sequence < b.sequence ? -1 : 1;
}

/** One more movement. Dated before the book's last, it is folded in where it belongs: all are folded from the first. */
export function record(terms: LoanTerms, stored: MoneyBook, movement: Movement, before: () => Movement[]): Recorded {
  const most = movement.is === "settle" ? kMaxMovements : kMaxMovements - 1;
  if (stored.movements >= most) return { book: stored, placed: [], refusal: refused(Code.tooLarge, "movements") };
  const replayed = stored.asOf !== null && movement.valueDate < stored.asOf;
  const book = replayed ? openBook(terms) : copyMoney(stored);
  const placed: Placed[] = [];
  for (const one of replayed ? [...before(), movement].sort(inOrder) : [movement]) {
    const done = takeIn(terms, book, one);
    if (done.refusal !== null) {
      const own = one.sequence === movement.sequence;
      const refusal = own ? done.refusal : refused(Code.replayConflict, `movements[${one.sequence}]`);
      return { book: stored, placed: [], refusal };
    }
    placed.push(done);
  }
  return { book, placed, refusal: null };
}

/** The bytes of `money-book`. What loans with explicit rows never have is written as it stands: nothing, or zero. */
export function encodeMoney(book: MoneyBook): Bytes {
  const none = encodeText("0");
  const optional = (date: number | null): Bytes => (date === null ? kNull : encodeDate(date));
  const amounts = (...of: bigint[]): Bytes => encodeArray(of.map(encodeInt));
  const count = (of: number): Bytes => encodeInt(BigInt(of));
  const instalments = book.instalments.map((one) => encodeArray([
    encodeDate(one.due), encodeDate(one.due), encodeInt(one.interest), encodeInt(one.interestOpen),
    encodeInt(one.principal), encodeInt(one.principalOpen),
  ]));
  const sums = [
    ...[book.disbursed, book.received, 0n, 0n, 0n].map(encodeInt), amounts(0n, 0n, 0n, book.interestCharged, 0n),
    amounts(0n, 0n, 0n, book.interestPaid, book.principalPaid), amounts(0n, 0n, 0n, 0n, 0n),
  ];
  return encodeArray([
    optional(book.asOf), count(book.movements), count(0), encodeBool(book.closed), optional(book.firstDisbursed), none,
    count(book.nextStep), encodeDate(book.lastDue), encodeBool(book.ended), kNull, encodeInt(book.notDue),
    encodeArray(instalments), amounts(0n, 0n, 0n, 0n, 0n),
    encodeInt(book.suspense), encodeInt(book.rowInterest), encodeInt(book.rowPrincipal),
    encodeArray([none, encodeDate(book.interestTo), none, none, none, encodeDate(book.lateTo)]), encodeArray([]),
    encodeArray(sums), amounts(...book.accounts),
  ]);
}
