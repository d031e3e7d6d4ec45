import { sha256 as nobleSha256 } from "@noble/hashes/sha2";
import { sm3 as smSm3 } from "sm-crypto-v2";
import { type Bytes, concat, fromHex } from "./bytes.js";
import { encodeArray, encodeBytes, encodeText } from "./cbor_encode.js";

export function sha256(bytes: Bytes): Bytes {
  return nobleSha256(bytes);
}

/** GB/T 32905-2016. */
export function sm3(bytes: Bytes): Bytes {
  return fromHex(smSm3(bytes)) as Bytes;
}

/** The salted commitment of one field: docs/spec/encoding.md section 5. `value` is one encoded item. */
export function commitment(salt: Bytes, name: string, value: Bytes): Bytes {
  return sha256(encodeArray([encodeBytes(salt), encodeText(name), value]));
}

/** The key of a state value: docs/spec/ledger.md section 9. */
export function stateKey(type: string, id: Bytes): Bytes {
  return sha256(encodeArray([encodeText(type), encodeBytes(id)]));
}

export function taggedHash(tag: number, ...parts: readonly Bytes[]): Bytes {
  return sha256(concat(Uint8Array.of(tag), ...parts));
}
