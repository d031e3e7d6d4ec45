/** What the checks share about one bundle. */
import { type Bytes, equal } from "./bytes.js";
import { type Bundle, type ValidatorChange } from "./bundle.js";
import { type Header, type ValidatorSet } from "./chain.js";
import { demand, fail } from "./failure.js";
import { type Genesis } from "./genesis.js";
import { type Body } from "./rules/body.js";
import { type Contract } from "./rules/contract.js";
import { type Transaction } from "./transaction.js";

export interface Document { name: string; bytes: Bytes }

export interface Options {
  /** SHA-256 of genesis, known from elsewhere. */
  genesisDigest: Bytes;
  /** Id of a later header, known by other means. */
  trustedHeader?: Bytes;
  minHeight?: bigint;
  /** Milliseconds since 1970. */
  notBefore?: bigint;
  documents?: Document[];
}

/** A set, the first epoch that it agreed on, and the last block of the reign before (none: height 0). */
export interface Reign { fromEpoch: bigint; set: ValidatorSet; after: bigint; afterBlock: Bytes | null }
export interface RegisteredDocument { name: string; sha256: Bytes; sm3: Bytes | null; file: string }

export interface Case {
  bundle: Bundle;
  options: Options;
  genesis: Genesis;
  reigns: Reign[];
  /** The reason that the recovery authorities gave, by the step that they signed. */
  successions: Map<ValidatorChange, string>;
  /** Bodies by transaction, once they were read. */
  bodies: Map<Transaction, Body>;
  /** Something in the bundle belongs to rules that this verifier does not know. */
  unsupported: boolean;
  hidden: boolean;
  contract: Contract | null;
  documents: RegisteredDocument[];
}

/** The set of the header's epoch. A set that was succeeded may have gone on: what it made above its last block is not on the chain. */
export function reignOf(of: Case, header: Header): Reign {
  const at = of.reigns.filter((reign) => reign.fromEpoch <= header.epoch).length - 1;
  const reign = of.reigns[at] ?? fail("certificate_invalid", "epoch");
  const next = of.reigns[at + 1];
  const within = next === undefined || header.height < next.after || (header.height === next.after && equal(header.id, next.afterBlock!));
  demand(header.height > reign.after && within, "evidence_mismatch", "height outside the reign of its set");
  return reign;
}

export function bodyOf(of: Case, transaction: Transaction): Body {
  return of.bodies.get(transaction) ?? fail("malformed", "action");
}
