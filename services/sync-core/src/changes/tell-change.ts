import { type Publisher, TooLarge } from '@varai/kafka'
import { changesTopic, type Draft, type RecordOf } from '@varai/schemas'

/** A change as the world is told of it. */
export type Telling = Draft<RecordOf<'DocumentChanged'>> & { readonly documentId: string; readonly afterIs: string }

/**
 * Resolves when Kafka has the change. One that is too large for a record travels without its values: it must not hold
 * up its partition. Rejects when Kafka is away.
 */
export async function tellChange(publisher: Pick<Publisher, 'publish'>, change: Telling): Promise<void> {
  const tell = (value: Telling) =>
    publisher.publish({ topic: changesTopic, key: value.documentId, record: 'DocumentChanged', value })
  try {
    await tell(change)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    await tell({
      ...change,
      after: null,
      afterIs: change.afterIs === 'whole' ? 'too_large' : change.afterIs,
      before: null,
    })
  }
}
