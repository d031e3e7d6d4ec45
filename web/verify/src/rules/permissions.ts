/** Who may do what: docs/spec/roles.md section 3. */
import { type Party, kBorrower, kGuarantor, kLender, kSettlementBank } from "./body.js";

type Line = readonly [capacity: number, roles: readonly number[]];

const kDepositors = [4, 5, 6, 7, 8, 9, 10];
const kLines: ReadonlyMap<string, readonly Line[]> = new Map<string, readonly Line[]>([
  ["evidence.deposit", [[kLender, kDepositors], [kBorrower, kDepositors], [kGuarantor, kDepositors], [kSettlementBank, kDepositors]]],
  ["contract.register", [[kLender, [4]], [kBorrower, [6, 7]]]],
  ["contract.sign", [[kLender, [4, 5]], [kBorrower, [6, 7]], [kGuarantor, [8]], [kSettlementBank, [10]]]],
  ["contract.approve", [[kLender, [4, 5]]]],
  ["contract.activate", [[kLender, [4, 5]]]],
  ["contract.settle", [[kLender, [4, 5]]]],
  ["fund.disburse", [[kLender, [4]], [kSettlementBank, [10]]]],
  ["fund.repay", [[kLender, [4]], [kBorrower, [6, 7]], [kSettlementBank, [10]]]],
  ["fund.acknowledge", [[kLender, [4, 5]], [kBorrower, [6, 7]], [kSettlementBank, [10]]]],
]);

export type Permission = "permitted" | "not_a_party" | "role_missing";

export function permission(action: string, parties: readonly Party[], signer: { organisation: string; roles: readonly number[] }): Permission {
  let capacities = parties.filter((party) => party.organisation === signer.organisation).map((party) => party.capacity);
  if (capacities.length === 0) return "not_a_party";
  // A signature binds the whole organisation: as settlement bank alone it does not count where there is another capacity.
  if (action === "contract.sign" && capacities.length > 1) capacities = capacities.filter((capacity) => capacity !== kSettlementBank);
  const lines = kLines.get(action) ?? [];
  const fits = lines.some(([capacity, roles]) => capacities.includes(capacity) && roles.some((role) => signer.roles.includes(role)));
  return fits ? "permitted" : "role_missing";
}
