import type {} from '@varai/dev-stack/vitest'
import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { doorClaims, serviceClaims } from './claims/index.ts'
import type { ServiceFacts } from './facts.ts'
import { openStage, type Stage } from './stage.ts'

/**
 * Declares the tests that an ingest service has to pass, on the real stack: what a delivery is answered, what becomes of
 * it, and that nothing is lost, doubled or given away. To be called by an `x.e2e.test.ts` of the service.
 */
export function conformance(facts: ServiceFacts): void {
  describe(`${facts.service} keeps what every ingest service promises`, () => {
    let stage: Stage | undefined
    const given = (): Stage => {
      if (stage === undefined) throw new Error('the service did not start')
      return stage
    }
    beforeAll(async () => {
      stage = await openStage(facts, inject('stack'))
    })
    afterAll(() => stage?.close())

    for (const door of facts.doors) {
      describe(door.name, () => {
        for (const { name, check } of doorClaims.filter(({ concerns }) => concerns?.(door) ?? true)) {
          test(name, () => check(given(), door))
        }
      })
    }
    for (const { name, check } of serviceClaims) test(name, () => check(given()))
  })
}
