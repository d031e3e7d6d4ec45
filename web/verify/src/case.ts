/** What the checks share about one bundle. */
import { type Bytes } from "./bytes.js";
import { type Bundle } from "./bundle.js";
import { type ValidatorSet } from "./chain.js";
import { fail } from "./failure.js";
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

export interface Reign { fromEpoch: bigint; set: ValidatorSet }
export interface RegisteredDocument { name: string; sha256: Bytes; sm3: Bytes | null; file: string }
export interface Succession { epoch: bigint; height: bigint; reason: string; set: ValidatorSet; signers: number }

export interface Case {
  bundle: Bundle;
  options: Options;
  genesis: Genesis;
  reigns: Reign[];
  successions: Succession[];
  /** Bodies by transaction, once they were read. */
  bodies: Map<Transaction, Body>;
  /** Something in the bundle belongs to rules that this verifier does not know. */
  unsupported: boolean;
  hidden: boolean;
  contract: Contract | null;
  documents: RegisteredDocument[];
}

export function reignOf(of: Case, epoch: bigint): Reign {
  return of.reigns.filter((reign) => reign.fromEpoch <= epoch).at(-1) ?? fail("certificate_invalid", "epoch");
}

export function bodyOf(of: Case, transaction: Transaction): Body {
  return of.bodies.get(transaction) ?? fail("malformed", "action");
}
