import { describe, expect, it } from "vitest";
import { hex } from "../src/bytes.js";
import { type LoanTerms } from "../src/rules/loan_book.js";
import {
  Account, type MoneyBook, type Movement, type MovementKind,
  advance, copyMoney, dueOf, encodeMoney, openBook, outstanding, record,
} from "../src/rules/money_book.js";
import { golden } from "./files.js";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const minor = (text: string): bigint => BigInt(text.replace(".", ""));

interface Step {
  do?: string; on: string; amount?: string; split?: Record<string, string>;
  see?: string; due?: Record<string, string>; outstanding?: string; suspense?: string;
  accounts?: Record<string, string>;
}
interface Case { name: string; terms?: { rows?: [string, string, string][] }; steps: Step[] }

function termsOf(rows: [string, string, string][], contractDate: string): LoanTerms {
  const read = rows.map(([due, principal, interest]) =>
    ({ due: day(due), principal: minor(principal), interest: minor(interest) }));
  return {
    currency: "CNY", principal: read.reduce((sum, row) => sum + row.principal, 0n), contractDate: day(contractDate),
    utcOffsetMinutes: 480, rows: read, allocation: [1, 2, 3], maxBackValueDays: null,
  };
}

const kKinds: Record<string, MovementKind> = { disburse: "disburse", repay: "repay", close: "settle" };

/** Records movements one after the other, as a contract does. */
class Ledger {
  book: MoneyBook;
  readonly movements: Movement[] = [];
  readonly split = new Map<bigint, unknown>();
  constructor(private readonly terms: LoanTerms) { this.book = openBook(terms); }

  enter(movement: Movement): string | null {
    const { book, placed, refusal } = record(this.terms, this.book, movement, () => this.movements);
    if (refusal !== null) return `${refusal.code} ${refusal.field}`;
    this.book = book;
    this.movements.push(movement);
    for (const { sequence, allocation } of placed) this.split.set(sequence, allocation);
    return null;
  }
  on(date: string): MoneyBook {
    const out = copyMoney(this.book);
    advance(this.terms, out, day(date));
    return out;
  }
}

const vectors = golden("loan_book.json") as { cases: Case[] };
const explicit = vectors.cases.filter((one) => one.terms?.rows !== undefined);

describe("loan_book.json, explicit rows", () => {
  it("has cases", () => expect(explicit.length).toBeGreaterThan(1));
  it.each(explicit.map((one) => [one.name, one] as const))("%s", (_, { terms, steps }) => {
    const ledger = new Ledger(termsOf(terms!.rows!, "2026-01-15"));
    steps.forEach((step, i) => {
      if (step.do !== undefined) {
        const sequence = BigInt(i);
        const amount = minor(step.amount ?? "0");
        expect(ledger.enter({ sequence, is: kKinds[step.do]!, valueDate: day(step.on), amount })).toBe(null);
        if (step.split !== undefined) {
          const given = (name: string): bigint => minor(step.split![name] ?? "0");
          const expected = { interest: given("interest"), principal: given("principal"), suspense: given("suspense") };
          expect(ledger.split.get(sequence)).toEqual(expected);
        }
        return;
      }
      const book = ledger.on(step.see!);
      const due = dueOf(book);
      if (step.due !== undefined) {
        const given = (name: string): bigint => minor(step.due![name] ?? "0");
        expect(due).toEqual({ interest: given("interest"), principal: given("principal") });
      }
      if (step.outstanding !== undefined) expect(outstanding(book)).toBe(minor(step.outstanding));
      if (step.suspense !== undefined) expect(book.suspense).toBe(minor(step.suspense));
      if (step.accounts !== undefined) {
        expect(book.accounts[Account.income]).toBe(minor(step.accounts["income"]!));
        expect(book.accounts[Account.interest]).toBe(minor(step.accounts["interest-receivable"]!));
      }
    });
  });
});

describe("a fold by value date", () => {
  const terms = termsOf([["2026-02-15", "600.00", "30.00"], ["2026-03-15", "400.00", "20.00"]], "2026-01-15");
  const life: Movement[] = [
    { sequence: 1n, is: "disburse", valueDate: day("2026-01-20"), amount: 50_000n },
    { sequence: 2n, is: "repay", valueDate: day("2026-02-10"), amount: 1_000n },
    { sequence: 3n, is: "repay", valueDate: day("2026-02-16"), amount: 25_000n },
    { sequence: 4n, is: "disburse", valueDate: day("2026-02-20"), amount: 30_000n },
    { sequence: 5n, is: "repay", valueDate: day("2026-03-20"), amount: 70_000n },
  ];

  it("gives the same book in whatever order the movements are recorded", () => {
    const straight = new Ledger(terms);
    for (const one of life) expect(straight.enter(one)).toBe(null);
    const orders: Movement[][] = [[]];
    for (const one of life) {
      const places = (order: Movement[]): number[] => [...order.keys(), order.length];
      const put = (order: Movement[], i: number): Movement[] => [...order.slice(0, i), one, ...order.slice(i)];
      const longer = orders.flatMap((order) => places(order).map((i) => put(order, i)));
      orders.splice(0, orders.length, ...longer);
    }
    let compared = 0;
    for (const order of orders) {
      const other = new Ledger(terms);
      if (order.some((one) => other.enter(one) !== null)) continue;
      compared++;
      expect(hex(encodeMoney(other.book))).toBe(hex(encodeMoney(straight.book)));
      expect([...other.split].sort()).toEqual([...straight.split].sort());
    }
    expect(compared).toBeGreaterThan(20);
  });

  it("allocates a later payment again when an earlier one is folded in", () => {
    const ledger = new Ledger(terms);
    for (const one of [life[0]!, life[2]!]) ledger.enter(one);
    expect(ledger.split.get(3n)).toEqual({ interest: 3_000n, principal: 22_000n, suspense: 0n });
    expect(ledger.enter({ sequence: 9n, is: "repay", valueDate: day("2026-02-15"), amount: 3_000n })).toBe(null);
    expect(ledger.split.get(9n)).toEqual({ interest: 3_000n, principal: 0n, suspense: 0n });
    expect(ledger.split.get(3n)).toEqual({ interest: 0n, principal: 25_000n, suspense: 0n });
    expect(ledger.book.asOf).toBe(day("2026-02-16"));
  });

  it("refuses what a later movement would not bear, and names that movement", () => {
    const ledger = new Ledger(terms);
    expect(ledger.enter({ sequence: 1n, is: "disburse", valueDate: day("2026-02-01"), amount: 80_000n })).toBe(null);
    const before = hex(encodeMoney(ledger.book));
    const back = { is: "disburse", valueDate: day("2026-01-20") } as const;
    expect(ledger.enter({ ...back, sequence: 2n, amount: 30_000n })).toBe("342 movements[1]");
    expect(ledger.enter({ ...back, sequence: 3n, amount: 100_001n })).toBe("300 amount");
    expect(hex(encodeMoney(ledger.book))).toBe(before);
  });

  it("keeps the last of its places for the closing", () => {
    const ledger = new Ledger(terms);
    const valueDate = day("2026-01-20");
    // What is paid ahead goes to the interest of a row first.
    const all = { is: "repay", valueDate, amount: 5_010n } as const;
    ledger.enter({ sequence: 0n, is: "disburse", valueDate, amount: 10n });
    ledger.book.movements = 2_047;
    expect(ledger.enter({ ...all, sequence: 1n })).toBe("102 movements");
    ledger.book.movements = 2_046;
    expect(ledger.enter({ ...all, sequence: 1n })).toBe(null);
    expect(ledger.enter({ sequence: 2n, is: "settle", valueDate, amount: 0n })).toBe(null);
    expect([ledger.book.movements, ledger.book.closed]).toEqual([2_048, true]);
  });
});
