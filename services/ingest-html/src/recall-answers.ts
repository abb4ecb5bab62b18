import { createHash } from 'node:crypto'
import type { SeenStore } from '@varai/ingest'
import { type Answer, answer, refuse } from './answer.ts'

export type RecallAnswers = (
  request: { readonly storeId: string; readonly key: string; readonly bytes: Buffer },
  work: () => Promise<Answer>,
) => Promise<Answer>

const hash = (...parts: readonly (string | Buffer)[]): string => {
  const hashing = createHash('sha256')
  for (const part of parts) hashing.update(part).update('\n')
  return hashing.digest('base64url')
}

/**
 * What `Idempotency-Key` promises: a request that comes again under its key gets the answer of the first, for two days;
 * while the first is under way, both get its answer; another request under the same key is refused with 422. Only a
 * short cut: without Redis the work is done again, and the same events come of it.
 */
export function createRecallAnswers(seen: Pick<SeenStore, 'recall' | 'remember'>): RecallAnswers {
  const underWay = new Map<string, { readonly body: string; readonly answer: Promise<Answer> }>()

  async function first(id: string, body: string, work: () => Promise<Answer>): Promise<Answer> {
    const remembered = await seen.recall(id)
    const separator = remembered?.indexOf(' ') ?? -1
    if (remembered !== undefined && separator > 0) {
      return remembered.slice(0, separator) === body ? replayed(remembered.slice(separator + 1)) : otherRequest
    }
    const given = await work()
    if (given.status === 200) await seen.remember(id, `${body} ${JSON.stringify(given.body)}`)
    return given
  }

  return ({ storeId, key, bytes }, work) => {
    const [id, body] = [`answer|${hash(storeId, key)}`, hash(bytes)]
    const joined = underWay.get(id)
    if (joined !== undefined) return joined.body === body ? joined.answer : Promise.resolve(otherRequest)
    const given = first(id, body, work).finally(() => underWay.delete(id))
    underWay.set(id, { body, answer: given })
    return given
  }
}

const otherRequest: Answer = refuse(422, 'this Idempotency-Key was used for another request')

function replayed(text: string): Answer {
  const body: unknown = JSON.parse(text)
  return answer(200, typeof body === 'object' && body !== null ? { ...body } : {}, { 'idempotency-replayed': 'true' })
}
