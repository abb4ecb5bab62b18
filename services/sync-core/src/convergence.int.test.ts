import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import { drive } from '../test/convergence/drive.ts'
import { databaseGround } from '../test/convergence/ground.ts'
import { moves } from '../test/convergence/moves.ts'
import { property } from '../test/convergence/property.ts'
import { newestIn, newestOf, pendingIn, saidBy } from '../test/convergence/said.ts'
import { lanesOf, scenarios, simply } from '../test/convergence/scenario.ts'
import { testDatabase } from '../test/database.ts'

const db = testDatabase('convergence')

/** The collections stay, empty: to make them anew with their indexes takes a second. */
async function emptied() {
  for (const { collectionName } of await db().collections()) {
    if (collectionName !== 'migrations') await db().collection(collectionName).deleteMany({})
  }
  return databaseGround(db())
}

property(
  'two processes over the real database, killed between any two reads and writes, tellings and commits: what the model says, every change told, none left',
  scenarios(27, 6).chain((scenario) =>
    fc.record({ scenario: fc.constant(scenario), lanes: lanesOf(scenario.events), how: moves(15) }),
  ),
  async ({ scenario, lanes, how }) => {
    const { answers, found, decisions, verdicts, erasures, ground: model } = await simply(scenario)
    const ground = await emptied()
    const { told, seen } = await drive(
      ground,
      { lanes, policies: scenario.policies, decisions, verdicts, erasures, answers, found, most: scenario.most },
      how,
    )
    expect(await saidBy(ground)).toEqual(await saidBy(model))
    expect(newestOf(told)).toEqual(await newestIn(ground))
    expect(await pendingIn(ground)).toEqual([])
    return { ...seen, erasures: erasures.length }
  },
  { runs: 8 },
)
