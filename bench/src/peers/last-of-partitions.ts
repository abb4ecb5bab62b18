import { Partitioners } from 'kafkajs'

/** Of records in the order in which they were published, the last one in each partition; keys decide where they lie. */
export function lastOfPartitions<T extends { readonly key: Buffer }>(records: readonly T[], partitions: number): T[] {
  const partitionOf = Partitioners.DefaultPartitioner()
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    ...{ partitionId, leader: 1, partitionErrorCode: 0 },
    ...{ replicas: [1], isr: [1] },
  }))
  const last = new Map<number, T>()
  for (const record of records) {
    last.set(partitionOf({ topic: '', partitionMetadata, message: { key: record.key, value: null } }), record)
  }
  return [...last.values()]
}
