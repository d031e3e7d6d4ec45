import { describe, expect, it } from "vitest";
import { equal, hex, utf8 } from "../src/bytes.js";
import { Reader, decode } from "../src/cbor.js";
import { head } from "../src/cbor_encode.js";
import { decodeStatement, encodeHeader, encodeStatement, keyId, sigStructure, verifyDigest, verifyStatement } from "../src/cose.js";
import { Failure } from "../src/failure.js";
import { commitment, sha256, sm3 } from "../src/hash.js";
import { base64, bytes, golden, itReads, publishedText } from "./files.js";

/** "deterministic", or the reason of the refusal. */
function verdict(input: Uint8Array): string {
  try {
    decode(input, (reader) => reader.item());
    return "deterministic";
  } catch (error) {
    if (error instanceof Failure) return error.reason;
    throw error;
  }
}

describe("CBOR", () => {
  it.each(golden("cbor.json").cases as { what: string; hex: string; verdict: string }[])("$what", (item) => {
    expect(verdict(bytes(item.hex))).toBe(item.verdict);
  });

  itReads("cbor/rfc8949_appendix_a.json")("takes exactly the deterministic examples of RFC 8949 appendix A", () => {
    // One byte after f8 counts from 32 on: the published file still has an example of RFC 7049.
    const kOlder = "f818";
    for (const item of JSON.parse(publishedText("cbor/rfc8949_appendix_a.json")) as { hex: string; roundtrip: boolean }[]) {
      const expected = item.roundtrip && item.hex !== kOlder;
      expect([item.hex, verdict(bytes(item.hex)) === "deterministic"]).toEqual([item.hex, expected]);
    }
  });

  it("refuses a hostile length at once", () => {
    expect(verdict(bytes("5bffffffffffffffff"))).toBe("too_large");
    expect(verdict(bytes("9bffffffffffffffff"))).toBe("too_large");
    expect(verdict(bytes("bb00000000000fffff"))).toBe("not_deterministic");
    expect(verdict(bytes("ba000fffff"))).toBe("malformed");
    expect(verdict(bytes("5a03ffffff"))).toBe("malformed");
  });

  it("refuses ten thousand arrays within one another without recursing", () => {
    expect(verdict(new Uint8Array(10_000).fill(0x81))).toBe("too_deep");
    expect(verdict(new Uint8Array(10_000).fill(0xc1))).toBe("too_deep");
  });

  it("keeps what 64 bits hold", () => {
    expect(new Reader(bytes("1bffffffffffffffff")).uint()).toBe(2n ** 64n - 1n);
    expect(new Reader(bytes("3b7fffffffffffffff")).int()).toBe(-(2n ** 63n));
    expect(() => new Reader(bytes("3b8000000000000000")).int()).toThrow(Failure);
    expect(hex(head(0, 2n ** 32n))).toBe("1b0000000100000000");
  });
});

describe("hashes and commitments", () => {
  it("SHA-256 and SM3 give their published examples", () => {
    expect(hex(sha256(utf8("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(hex(sm3(utf8("abc")))).toBe("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect(hex(sm3(utf8("abcd".repeat(16))))).toBe("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  });

  it.each(golden("commitment.json").cases as { salt: string; name: string; value: string; commitment: string }[])("$name", (item) => {
    expect(hex(commitment(bytes(item.salt), item.name, bytes(item.value)))).toBe(item.commitment);
  });
});

describe("statements", () => {
  it.each(golden("cose.json").cases as Record<string, string>[])("$what", (item) => {
    const statement = decodeStatement(bytes(item["statement"]!));
    expect(statement.header.contentType).toBe(item["content_type"]);
    expect(statement.header.issuer).toBe(item["issuer"]);
    expect(hex(statement.header.chainId)).toBe(item["chain_id"]);
    expect(hex(keyId(bytes(item["public_key"]!)))).toBe(item["key_id"]);
    expect(hex(encodeHeader(statement.header))).toBe(item["protected_header"]);
    expect(hex(sigStructure(statement.protectedBytes, statement.payload))).toBe(item["sig_structure"]);
    expect(hex(sha256(sigStructure(statement.protectedBytes, statement.payload)))).toBe(item["digest"]);
    expect(hex(encodeStatement(statement.protectedBytes, statement.payload, statement.signature))).toBe(item["statement"]);
    verifyStatement(statement, bytes(item["public_key"]!));
    statement.signature[40]! ^= 1;
    expect(() => verifyStatement(statement, bytes(item["public_key"]!))).toThrow("bad_signature");
    expect(() => decodeStatement(bytes(item["detached"]!))).toThrow("malformed");
  });
});

interface EcdsaGroup { publicKey: { uncompressed: string }; tests: { tcId: number; msg: string; sig: string; result: string }[] }

describe("ECDSA", () => {
  const kHalf = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
  itReads("ecdsa/ecdsa_secp256k1_sha256_p1363_test.json")("agrees with Wycheproof, but for a high s", () => {
    const groups = (JSON.parse(publishedText("ecdsa/ecdsa_secp256k1_sha256_p1363_test.json")) as { testGroups: EcdsaGroup[] }).testGroups;
    let [valid, highS, bad] = [0, 0, 0];
    for (const group of groups) {
      const point = group.publicKey.uncompressed;
      const key = bytes((Number.parseInt(point.slice(-1), 16) % 2 === 0 ? "02" : "03") + point.slice(2, 66));
      for (const test of group.tests) {
        const high = test.sig.length === 128 && BigInt(`0x${test.sig.slice(64)}`) > kHalf;
        const expected = test.result !== "valid" ? "bad_signature" : high ? "high_s_signature" : "valid";
        let found = "valid";
        try {
          verifyDigest(sha256(bytes(test.msg)), bytes(test.sig), key);
        } catch (error) {
          found = (error as Failure).reason;
        }
        expect([test.tcId, found]).toEqual([test.tcId, expected]);
        if (found === "valid") valid++;
        else if (found === "high_s_signature") highS++;
        else bad++;
      }
    }
    expect(Math.min(valid, highS, bad)).toBeGreaterThan(0);
  });

  it("refuses other forms of keys", () => {
    const key = bytes(golden("cose.json").cases[0].public_key);
    expect(() => verifyDigest(new Uint8Array(32), new Uint8Array(64).fill(1), key.subarray(1))).toThrow("bad_signature");
    expect(equal(base64("AQI="), bytes("0102"))).toBe(true);
  });
});
