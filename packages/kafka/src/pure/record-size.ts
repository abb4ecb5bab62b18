/** What a record may need around its key, value and headers in a batch: lengths, time and offset deltas. */
const overhead = 64
const perHeader = 10

/** At least as many bytes as the record takes in a Kafka batch. Kafka's limit is on the batch. */
export function recordSize(record: {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Readonly<Record<string, string | Uint8Array>>
}): number {
  let size = overhead + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const [name, value] of Object.entries(record.headers)) {
    // A character takes at most three bytes of UTF-8 for each of its UTF-16 units.
    size += perHeader + 3 * name.length + (typeof value === 'string' ? 3 * value.length : value.length)
  }
  return size
}
