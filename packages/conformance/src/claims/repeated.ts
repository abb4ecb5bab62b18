import { expect } from 'vitest'
import { makeTold, send } from '../deliver.ts'
import { expectStillOnce, settle } from '../outcomes.ts'
import type { DoorClaim } from './claim.ts'

export const redelivered: DoorClaim = {
  name: 'delivered again: 200, and its events are there once',
  async check(stage, door) {
    const made = makeTold(door)
    for (let times = 0; times < 3; times += 1) {
      expect((await send(stage, door, [made.delivery])).status).toBe(200)
      await settle(stage, door, () => expectStillOnce(stage, door, made))
    }
  },
}

export const atOnce: DoorClaim = {
  name: 'delivered many times at once: all are answered with 200, and its events are there once',
  async check(stage, door) {
    const made = makeTold(door)
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(stage, door, [made.delivery])))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await settle(stage, door, () => expectStillOnce(stage, door, made))
  },
}
