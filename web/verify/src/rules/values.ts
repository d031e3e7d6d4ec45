/** The opened values of sealed fields: docs/spec/contracts.md section 1. */
import { type Bytes, utf8 } from "../bytes.js";
import { type Reader, decode } from "../cbor.js";
import { encodeArray, encodeBytes, encodeText } from "../cbor_encode.js";
import { demand } from "../failure.js";
import { sha256 } from "../hash.js";
import { date, list, tuple } from "../shape.js";
import { type Transaction } from "../transaction.js";
import { type LoanRegistration } from "./body.js";
import { type LoanTerms, type Row } from "./loan_book.js";

export interface PaymentValues { amount: bigint; valueDate: number; bank: string; bankReference: string }

const readBank = (reader: Reader): string => spelled(reader, /^[a-z0-9.-]{1,64}$/);
const readSlip = (reader: Reader): string => spelled(reader, /^[A-Z0-9./-]{1,64}$/);
const readAmount = (reader: Reader): bigint => reader.int();
const readRows = (reader: Reader): Row[] => list(reader, { most: 600 }, readRow);

const kValues: ReadonlyMap<string, (reader: Reader) => unknown> = new Map<string, (reader: Reader) => unknown>([
  ["principal", readAmount], ["rows", readRows], ["amount", readAmount], ["value_date", date], ["bank", readBank],
  ["bank_reference", readSlip],
]);

/** An opened value has the shape that its field demands. */
export function checkValue(name: string, bytes: Bytes): void {
  const read = kValues.get(name);
  if (read !== undefined) decode(bytes, read);
}

function value<T>(transaction: Transaction, name: string, read: (reader: Reader) => T): T {
  const opening = transaction.openings.get(name);
  demand(opening !== undefined, "missing_opening", name);
  return decode(opening.value, read);
}

function spelled(reader: Reader, pattern: RegExp): string {
  const text = reader.text();
  demand(pattern.test(text) && utf8(text).length <= 64, "malformed", "spelling");
  return text;
}

export function amountOf(transaction: Transaction): bigint { return value(transaction, "amount", readAmount); }
export function valueDateOf(transaction: Transaction): number { return value(transaction, "value_date", date); }

export function paymentValues(transaction: Transaction): PaymentValues {
  return {
    amount: amountOf(transaction), valueDate: valueDateOf(transaction),
    bank: value(transaction, "bank", readBank),
    bankReference: value(transaction, "bank_reference", readSlip),
  };
}

/** The name under which a bank reference stands in the state: docs/spec/state.md section 2. */
export function blindedReference(chainId: Bytes, bank: string, reference: string): Bytes {
  return sha256(encodeArray([encodeText("bank-reference"), encodeBytes(chainId), encodeText(bank), encodeText(reference)]));
}

export function contractId(chainId: Bytes, organisation: string, number: string): Bytes {
  return sha256(encodeArray([encodeText("contract"), encodeBytes(chainId), encodeText(organisation), encodeText(number)]));
}

function readRow(reader: Reader): Row {
  tuple(reader, 3);
  return { due: date(reader), principal: reader.int(), interest: reader.int() };
}

export function loanTerms(transaction: Transaction, registration: LoanRegistration): LoanTerms {
  return {
    ...registration,
    principal: value(transaction, "principal", readAmount),
    rows: value(transaction, "rows", readRows),
  };
}
