// Verifies a transparent statement (RFC 9943) with libraries that know nothing of Probatum, by the steps of
// docs/spec/receipts.md section 2.
//   node verify_receipt.mjs record.cose signer.spki.der validator.spki.der
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { Sign1 } from "@auth0/cose";
import { decode, encode, Tag } from "cbor2";

const [file, signerFile, validatorFile] = process.argv.slice(2);
const key = (name) => createPublicKey({ key: readFileSync(name), format: "der", type: "spki" });
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
const same = (a, b, what) => {
    if (!Buffer.from(a).equals(Buffer.from(b))) throw new Error(`${what} differ`);
};
const algorithms = [-47];
// RFC 8812: the library verifies what node's OpenSSL can, but its list of names leaves ES256K out.
const { AlgorithmNames } = await import(
    new URL("./node_modules/@auth0/cose/dist/node/esm/headers.js", import.meta.url));
AlgorithmNames.set(-47, "ES256K");

// 1. Take the receipts off: what is left was signed and is named by its SHA-256.
const { contents: [header, unprotected, payload, signature] } = decode(new Uint8Array(readFileSync(file)), { preferMap: true });
const statement = encode(new Tag(18, [header, new Map(), payload, signature]));
const transaction = sha256(statement);
await Sign1.decode(statement).verify(key(signerFile), { algorithms });
console.log(`statement holds; transaction ${transaction.toString("hex")}`);

for (const bytes of unprotected.get(394)) {
    // 2. From the entry by the inclusion proof to the root (RFC 9162 section 2.1.3.2).
    const { contents: [receiptHeader, labels] } = decode(bytes, { preferMap: true });
    if (decode(receiptHeader, { preferMap: true }).get(395) !== 1) throw new Error("not RFC9162_SHA256");
    const [size, index, path] = decode(labels.get(396).get(-1)[0]);
    const [entry, blockHeader] = labels.get(-70002);
    let [fn, sn, root] = [BigInt(index), BigInt(size) - 1n, sha256([0], encode(entry))];
    for (const sibling of path) {
        if (fn & 1n || fn === sn) {
            root = sha256([1], sibling, root);
            while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
        } else {
            root = sha256([1], root, sibling);
        }
        [fn, sn] = [fn >> 1n, sn >> 1n];
    }
    if (sn !== 0n) throw new Error("the path is too short");
    same(root, blockHeader[10], "root and the header's log root");
    // 3. The receipt is a COSE_Sign1 over that root, detached.
    const receipt = Sign1.decode(bytes);
    await receipt.verify(key(validatorFile), { algorithms, detachedPayload: root });
    // 4. The entry names the statement.
    same(entry[0], transaction, "entry and statement");
    console.log(`receipt holds; log root ${root.toString("hex")}, index ${index} of ${size}`);
}
