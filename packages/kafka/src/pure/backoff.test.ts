import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const settings = { firstMs: 250, capMs: 30_000 }

describe('backoff', () => {
  test('doubles from the first wait up to the cap', () => {
    const longest = [1, 2, 3, 4, 8, 9, 1_000_000].map((failures) => backoffMs(failures, settings, 0.999_999))
    expect(longest).toEqual([250, 500, 1_000, 2_000, 30_000, 30_000, 30_000])
  })

  property.prop([fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])(
    'lies between half and all of the longest wait, so that what failed together comes back apart',
    (failures, random) => {
      const longest = backoffMs(failures, settings, 1)
      const wait = backoffMs(failures, settings, random)
      expect(wait).toBeGreaterThanOrEqual(Math.floor(longest / 2))
      expect(wait).toBeLessThanOrEqual(longest)
    },
  )
})
