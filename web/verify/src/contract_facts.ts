/** What a valid bundle says about its contract. */
import { type Case, bodyOf } from "./case.js";
import { fail } from "./failure.js";
import { type JsonObject } from "./report.js";
import { type Registration } from "./rules/body.js";
import { type Contract, civilDate } from "./rules/contract.js";
import { type Totals, paidRows } from "./rules/loan_book.js";
import { advance, copyMoney, dueOf, kAccountNames, outstanding } from "./rules/money_book.js";
import { dateText } from "./time.js";

const kCapacities = ["lender", "borrower", "guarantor", "settlement-bank"];
const kPhases = ["registered", "active", "settled"];

function registrationOf(of: Case): Registration {
  const first = of.bundle.contract?.events[0] ?? fail("evidence_mismatch", "no event");
  const { detail } = bodyOf(of, first.transaction);
  return detail.is === "register" ? detail.registration : fail("evidence_mismatch", "the first event registers nothing");
}

export function contractFacts(of: Case): JsonObject {
  const registration = registrationOf(of);
  const loan = registration.loan!;
  const { contract } = of;
  const facts: JsonObject = {
    type: registration.kind, number: registration.number, currency: loan.currency, contract_date: dateText(loan.contractDate),
  };
  if (contract !== null) facts["status"] = kPhases[contract.phase - 1]!;
  facts["utc_offset_minutes"] = loan.utcOffsetMinutes;
  facts["recomputed"] = contract !== null;
  facts["values_hidden"] = of.hidden;
  if (contract !== null) facts["principal_minor"] = contract.terms.principal;
  const signed = new Set(signers(of));
  facts["parties"] = registration.parties.map((party) => ({
    capacity: kCapacities[party.capacity - 1]!, organisation: party.organisation,
    name: of.genesis.organisations.get(party.organisation)?.name ?? party.organisation,
    identifier: of.genesis.organisations.get(party.organisation)?.identifier ?? "", signed: signed.has(party.organisation),
  }));
  if (contract !== null) Object.assign(facts, accountFacts(of, contract));
  return facts;
}

/** An accepted signature binds its organisation. */
function signers(of: Case): string[] {
  const events = of.bundle.contract!.events.filter((event) => event.transaction.action === "contract.sign");
  return events.map((event) => event.transaction.statement.header.issuer);
}

function accountFacts(of: Case, contract: Contract): JsonObject {
  const { terms, book } = contract;
  const money = book.money === null ? null : copyMoney(book.money);
  const date = civilDate(of.bundle.head.header.time, terms.utcOffsetMinutes);
  if (money !== null) advance(terms, money, date);
  const due = money === null ? { principal: 0n, interest: 0n } : dueOf(money);
  const paid = paidRows(terms, money);
  return {
    rows: terms.rows.map((row, i) => ({
      due: dateText(row.due), principal_minor: row.principal, interest_minor: row.interest,
      principal_paid_minor: paid[i]!.principal, interest_paid_minor: paid[i]!.interest,
    })),
    balances_as_of: dateText(date),
    principal_outstanding_minor: money === null ? 0n : outstanding(money),
    principal_due_minor: due.principal,
    interest_due_minor: due.interest,
    overdue: money?.instalments.some((one) => one.due < date) ?? false,
    accounts: kAccountNames.map((account, i) => ({ account, balance_minor: money?.accounts[i] ?? 0n })),
    disbursements: totals(book.disbursements),
    repayments: totals(book.repayments),
  };
}

function totals(of: Totals): JsonObject {
  return { claimed_minor: of.claimed, acknowledged_minor: of.acknowledged, objected_minor: of.objected };
}
