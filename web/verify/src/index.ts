export { verify } from "./verify.js";
export { type Document, type Options } from "./case.js";
export { type Check, type Conclusion, type Json, type JsonObject, type Report, type Verdict, reportJson } from "./report.js";
export { fromHex, hex } from "./bytes.js";
export { parseInstant } from "./time.js";

export { type Language, reportText } from "./text.js";
