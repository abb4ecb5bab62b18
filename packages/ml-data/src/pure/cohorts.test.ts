import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { formCohorts, type Waiting } from './cohorts.ts'

const face = { dataType: 'face_analysis', level: 'research' } as const
const row = (id: number, subject = id, pupillaryDistance = 60 + (id % 10)): Waiting => ({
  ...{ id: `w_${id}`, subject: `a_${subject}` },
  measures: { pupillaryDistance, faceWidth: 130 + (id % 7), faceHeight: 180 },
})
const rows = (count: number): Waiting[] => Array.from({ length: count }, (_, id) => row(id))

test('while there are fewer than k people nothing is shown, however many rows they have', () => {
  expect(formCohorts(rows(9), 10, face)).toEqual([])
  expect(
    formCohorts(
      Array.from({ length: 50 }, (_, id) => row(id, id % 9)),
      10,
      face,
    ),
  ).toEqual([])
  expect(formCohorts(rows(10), 10, face)).toHaveLength(1)
})

test('those who are alike are together, and say one mean to half a millimetre, or one band', () => {
  const two = [...Array(3)].flatMap((_, id) => [row(id, id, 55.2), row(id + 10, id + 10, 70.1)])
  expect(formCohorts(two, 3, face).map(({ said }) => said['pupillaryDistance'])).toEqual([55, 70])
  const bands = formCohorts(two, 3, { ...face, level: 'enhanced' }).map(({ said }) => said)
  expect(bands[0]).toMatchObject({ pupillaryDistanceFrom: 54, pupillaryDistanceTo: 56 })
  expect(bands[0]).not.toHaveProperty('pupillaryDistance')
})

const anyRows = fc.array(fc.record({ subject: fc.nat(60), distance: fc.integer({ min: 540, max: 740 }) }), {
  maxLength: 200,
})
test.prop([anyRows, fc.integer({ min: 2, max: 12 })])(
  'a cohort has k people at least, each with one row; whoever is in one is in no other',
  (given, k) => {
    const waiting = given.map(({ subject, distance }, id) => row(id, subject, distance / 10))
    const cohorts = formCohorts(waiting, k, face)
    const all = cohorts.flatMap((cohort) => cohort.rows)
    for (const cohort of cohorts) {
      expect(new Set(cohort.rows.map(({ subject }) => subject)).size).toBe(cohort.rows.length)
      expect(cohort.rows.length).toBeGreaterThanOrEqual(k)
    }
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const people = new Set(waiting.map(({ subject }) => subject)).size
    expect(all).toHaveLength(people >= k ? people : 0)
  },
)
