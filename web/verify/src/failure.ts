/** A name of docs/errors.md, or a reason of docs/spec/evidence.md section 5. */
export type Reason =
  | "malformed" | "not_deterministic" | "too_large" | "too_deep" | "bad_signature" | "high_s_signature"
  | "unknown_algorithm" | "foreign_chain" | "unknown_key" | "expired" | "valid_too_long" | "bad_commitment"
  | "missing_opening" | "issuer_mismatch" | "evidence_mismatch" | "wrong_genesis" | "certificate_invalid"
  | "invalid_proof" | "succession_invalid" | "not-supported";

/** Why something was refused. Decoders and checks throw it; nothing else leaves them, and verify() catches it. */
export class Failure extends Error {
  constructor(readonly reason: Reason, readonly detail: string = "") {
    super(detail === "" ? reason : `${reason}: ${detail}`);
  }
}

export function fail(reason: Reason, detail = ""): never {
  throw new Failure(reason, detail);
}

export function demand(holds: boolean, reason: Reason, detail = ""): asserts holds {
  if (!holds) fail(reason, detail);
}
