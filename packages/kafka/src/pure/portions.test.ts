import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { portionsOf } from './portions.ts'

type Given = { readonly key: string | undefined; readonly at: number }
const records = fc
  .array(fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: undefined }))
  .map((keys): Given[] => keys.map((key, at) => ({ key, at })))

test.prop([records, fc.integer({ min: 1, max: 8 })])(
  'all records, each key in one portion and in order, no portion larger than one more key makes it',
  (given, size) => {
    const portions = portionsOf(given, ({ key }) => key, size)
    expect(portions.flat().sort((one, other) => one.at - other.at)).toEqual(given)
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const holding = portions.filter((portion) => portion.some((record) => record.key === key))
      expect(holding.length).toBeLessThanOrEqual(1)
      const times = holding.flat().flatMap((record) => (record.key === key ? [record.at] : []))
      expect(times).toEqual([...times].sort((one, other) => one - other))
    }
    for (const portion of portions) {
      const last = portion.at(-1)
      const before = portion.filter((record) => record !== last && (last?.key === undefined || record.key !== last.key))
      expect(before.length).toBeLessThan(size)
    }
    for (const portion of portions.slice(0, -1)) expect(portion.length).toBeGreaterThanOrEqual(size)
  },
)
