import type { TrainingRow } from './stored.ts'

/** A row as it lies in the queue: the same text for the same row, so that it can be taken out again. */
export function payloadOf({
  _id,
  dataType,
  data,
  platform,
  region,
  timestamp,
  consentLevel,
  pseudonym,
}: TrainingRow): string {
  const sorted = Object.fromEntries(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)))
  return JSON.stringify({
    ...{ id: _id, dataType, data: sorted, platform, region, timestamp: timestamp.toISOString() },
    ...{ consentLevel, anonymized: true, pseudonym },
  })
}
