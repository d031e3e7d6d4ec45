/** A loan with explicit rows as its state keeps it: docs/spec/contracts.md section 7. Amounts are minor units. */
import { type Bytes } from "../bytes.js";
import { encodeArray, encodeDate, encodeInt, encodeText, kNull } from "../cbor_encode.js";
import { type MoneyBook, copyMoney, encodeMoney } from "./money_book.js";

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

export interface Totals { claimed: bigint; acknowledged: bigint; objected: bigint }

export interface LoanBook {
  /** From activation on; as of the last movement, never further. */
  money: MoneyBook | null;
  disbursements: Totals;
  repayments: Totals;
  /** The sequence of the event that recorded it. */
  lastMovement: bigint | null;
}

const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export function emptyBook(): LoanBook {
  const totals = (): Totals => ({ claimed: 0n, acknowledged: 0n, objected: 0n });
  return { money: null, disbursements: totals(), repayments: totals(), lastMovement: null };
}

export function copyBook(book: LoanBook): LoanBook {
  const money = book.money === null ? null : copyMoney(book.money);
  return { ...book, money, disbursements: { ...book.disbursements }, repayments: { ...book.repayments } };
}

/** What of each row is paid: oldest first within a class. */
export function paidRows(terms: LoanTerms, money: MoneyBook | null): Row[] {
  let [principalPaid, interestPaid] = [money?.principalPaid ?? 0n, money?.interestPaid ?? 0n];
  return terms.rows.map((row) => {
    const owed = money !== null && money.firstDisbursed !== null && row.due > money.firstDisbursed;
    const principal = lesser(row.principal, principalPaid);
    const interest = lesser(owed ? row.interest : 0n, interestPaid);
    principalPaid -= principal;
    interestPaid -= interest;
    return { due: row.due, principal, interest };
  });
}

function encodeTotals(totals: Totals): Bytes {
  return encodeArray([totals.claimed, totals.acknowledged, totals.objected].map(encodeInt));
}

export function encodeLoanBook(book: LoanBook): Bytes {
  return encodeArray([
    book.money === null ? kNull : encodeMoney(book.money), encodeTotals(book.disbursements), encodeTotals(book.repayments),
    book.lastMovement === null ? kNull : encodeInt(book.lastMovement),
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
