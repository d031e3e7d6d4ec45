/** What execution looked up outside the contract: docs/spec/contracts.md section 4. */
import { type Bytes } from "../bytes.js";
import { type Reader, decode } from "../cbor.js";
import { demand } from "../failure.js";
import { digest, list, name64, nullable, numberFrom, record } from "../shape.js";

export const kKeyActive = 1;

export interface Resolved {
  organisation: string;
  member: string;
  roles: number[];
  certificate: Bytes | null;
  keyStatus: number;
  rulesVersion: bigint;
  parameters: Bytes;
  idempotencyKeyUsed: boolean;
  bankReferenceUsed: boolean | null;
  partiesRegistered: boolean | null;
  linksKnown: boolean | null;
}

/** The highest version of the rules that this verifier knows. */
export const kHighestRules = 1n;
const kRulesVersion = 6n;

/** Read by itself: later rules may have given the resolved inputs more fields than this verifier can decode. */
export function rulesVersionOf(bytes: Bytes): bigint {
  return decode(bytes, (reader) => {
    let version = kHighestRules;
    for (let left = reader.mapCount(); left > 0; left--) {
      if (reader.uint() === kRulesVersion) version = reader.uint();
      else reader.item();
    }
    return version;
  });
}

export function decodeResolved(bytes: Bytes): Resolved {
  const out: Partial<Resolved> = { bankReferenceUsed: null, partiesRegistered: null, linksKnown: null };
  const fields = new Map<number, (reader: Reader) => void>([
    [1, (r) => { out.organisation = name64(r); }],
    [2, (r) => { out.member = name64(r); }],
    [3, (r) => { out.roles = list(r, { most: 12 }, () => numberFrom(r, 1, 12)); }],
    [4, (r) => { out.certificate = nullable(r, digest); }],
    [5, (r) => { out.keyStatus = numberFrom(r, 1, 2); }],
    [6, (r) => { out.rulesVersion = r.uint(); }],
    [7, (r) => { out.parameters = digest(r); }],
    [8, (r) => { nullable(r, digest); }],
    [9, (r) => { out.idempotencyKeyUsed = r.bool(); }],
    [10, (r) => { out.bankReferenceUsed = r.bool(); }],
    [11, (r) => { out.partiesRegistered = r.bool(); }],
    [12, (r) => { out.linksKnown = r.bool(); }],
  ]);
  decode(bytes, (reader) => record(reader, fields, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
  const roles = out.roles!;
  demand(roles.every((role, i) => i === 0 || roles[i - 1]! < role), "malformed", "order of roles");
  return out as Resolved;
}
