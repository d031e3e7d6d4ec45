/** Instants and dates as text: docs/spec/encoding.md section 7. Total: no instant of 64 bits throws. */

const kLatestMs = 253_402_300_799_999n; // 9999-12-31T23:59:59.999Z

/** RFC 3339 in UTC with milliseconds; beyond the year 9999 the bare number. */
export function instantText(ms: bigint): string {
  return ms <= kLatestMs ? new Date(Number(ms)).toISOString() : `${ms} ms`;
}

export function dateText(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

/** Milliseconds of an RFC 3339 instant; null for anything else. */
export function parseInstant(text: string): bigint | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? null : BigInt(ms);
}
