import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { replaceShown, type Shelf } from './shown-store.ts'

const facts = ['a', 'b', 'c']
const counted = facts.map((id) => ({ id, version: 1, at: 0, rows: [], attribution: null }))

/** Where each write is one of many that others come between. */
function openShelf(held: Map<string, number>, stop: () => Promise<void>): Shelf {
  const isOlder = (id: string, below: number) => (held.get(id) ?? below) < below
  return {
    async remove(ids, below) {
      for (const id of ids) {
        await stop()
        if (isOlder(id, below)) held.delete(id)
      }
    },
    async insert(seq, all) {
      let inserted = 0
      for (const { id } of all) {
        await stop()
        if (held.has(id)) continue
        held.set(id, seq)
        inserted += 1
      }
      return inserted === all.length
    },
    async written(ids, from) {
      await stop()
      return new Set(ids.filter((id) => (held.get(id) ?? 0) >= from))
    },
  }
}

property.prop([fc.scheduler(), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })])(
  'of steps that are written at the same time, late or again, the last one stays',
  async (scheduler, steps) => {
    const held = new Map(facts.map((id) => [id, 0]))
    const shelf = openShelf(held, () => scheduler.schedule(Promise.resolve()))
    await scheduler.waitFor(Promise.all(steps.map((seq) => replaceShown(shelf, seq, counted))))
    expect([...held.values()]).toEqual(facts.map(() => Math.max(...steps)))
  },
)
