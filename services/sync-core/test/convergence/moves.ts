import { fc } from '@fast-check/vitest'
import type { Move } from './drive.ts'

/** What happens around processes: mostly work, and trouble enough. */
export const moves = (most: number): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.record({
      what: fc.oneof(
        { arbitrary: fc.constant('poll' as const), weight: 10 },
        { arbitrary: fc.constant('kill' as const), weight: 4 },
        { arbitrary: fc.constantFrom('rebalance' as const, 'deploy' as const, 'clear' as const), weight: 3 },
        { arbitrary: fc.constantFrom('decide' as const, 'reapply' as const), weight: 2 },
      ),
      which: fc.nat(5),
      size: fc.integer({ min: 1, max: 5 }),
      steps: fc.array(fc.nat(30), { maxLength: 25 }),
    }),
    { maxLength: most, size: 'max' },
  )
