import { expect, test } from 'vitest'
import type { DecodedRecord } from './decoded-record.ts'
import { handleApart } from './handle-apart.ts'
import { done, type Outcome, rejected, skipped } from './outcome.ts'

/** As far as a handler looks at it: its type and who it is. */
const of = (record: DecodedRecord['record'], requestId: string) => ({ record, value: { requestId } }) as DecodedRecord
const request = (id: string) => of('PrivacyRequested', id)
const order = (id: string) => of('OrderStated', id)

/** A handler of requests, and what came where in which order. */
function parted(rest: (batch: readonly DecodedRecord[]) => Outcome[] = (batch) => batch.map(() => done)) {
  const came: string[] = []
  const handle = handleApart(
    'PrivacyRequested',
    async ({ value: { requestId } }) => {
      came.push(requestId)
      return skipped(requestId)
    },
    async (batch) => {
      came.push(`${batch.length} others`)
      return rest(batch)
    },
  )
  return { handle, came }
}

test('each record has its own outcome, in the order of the batch; the others are handled first and together', async () => {
  const { handle, came } = parted((batch) => batch.map((_, at) => rejected(`other ${at}`)))
  expect(await handle([request('a'), order('1'), request('b'), order('2')])).toEqual([
    skipped('a'),
    rejected('other 0'),
    skipped('b'),
    rejected('other 1'),
  ])
  expect(came).toEqual(['2 others', 'a', 'b'])
})

test('a batch without any is passed on as it is', async () => {
  const batch = [order('1'), order('2')]
  const { handle } = parted((passed) => {
    expect(passed).toBe(batch)
    return [done, done]
  })
  expect(await handle(batch)).toEqual([done, done])
})

test('a record that the others are left without an outcome for is an error, and no outcome', async () => {
  const { handle } = parted(() => [])
  await expect(handle([request('a'), order('1')])).rejects.toThrow('without an outcome')
})
