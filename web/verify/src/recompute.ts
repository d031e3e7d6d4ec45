/** Re-computation: the events and refused attempts of a contract, folded again in the order of their places. */
import { type Bytes } from "./bytes.js";
import { type BundleEvent, type ContractPart } from "./bundle.js";
import { type Case, bodyOf } from "./case.js";
import { sha256 } from "./hash.js";
import { type Applied, type Attempt, type Contract, apply, encodeState } from "./rules/contract.js";
import { decodeResolved } from "./rules/resolved.js";
import { loanTerms, paymentValues } from "./rules/values.js";

export interface Recomputed {
  contract: Contract | null;
  /** Of the state after the last event; null if `apply` refused one. */
  stateDigest: Bytes | null;
  refusedEvent: number | null;
}

function attemptOf(of: Case, event: BundleEvent, contract: Contract | null): Attempt {
  const { transaction, leaf } = event;
  const body = bodyOf(of, transaction);
  const { detail } = body;
  const pays = detail.is === "disburse" || detail.is === "repay";
  const loan = detail.is === "register" ? detail.registration.loan : null;
  return {
    contractId: leaf.subject, sequence: contract?.events ?? 0n, action: transaction.action, body,
    resolved: decodeResolved(leaf.resolved), time: leaf.time,
    terms: loan === null ? null : loanTerms(transaction, loan), payment: pays ? paymentValues(transaction) : null,
  };
}

function isBefore(a: BundleEvent, b: BundleEvent): boolean {
  return a.leaf.height < b.leaf.height || (a.leaf.height === b.leaf.height && a.leaf.index < b.leaf.index);
}

/** Folds the accepted events. */
export function recompute(of: Case, part: ContractPart): Recomputed {
  let contract: Contract | null = null;
  for (const [i, event] of part.events.entries()) {
    const applied: Applied = apply(contract, attemptOf(of, event, contract));
    if (applied.contract === null) return { contract: null, stateDigest: null, refusedEvent: i };
    contract = applied.contract;
  }
  return { contract, stateDigest: contract === null ? null : sha256(encodeState(contract)), refusedEvent: null };
}

/** The first refused attempt that `apply`, as of its place, does not refuse with the number and field recorded; or null. */
export function wrongRefusal(of: Case, part: ContractPart): number | null {
  let contract: Contract | null = null;
  let done = 0;
  for (const [i, attempt] of part.refused.entries()) {
    for (; done < part.events.length && isBefore(part.events[done]!, attempt); done++) {
      contract = apply(contract, attemptOf(of, part.events[done]!, contract)).contract;
    }
    const { refusal } = apply(contract, attemptOf(of, attempt, contract));
    const { code, field } = attempt.leaf.outcome;
    if (refusal?.code !== code || refusal.field !== field) return i;
  }
  return null;
}
