import { type Environment, mongoSettings } from '@varai/runtime'
import { readSettings } from '../addresses.ts'
import { findDocuments, withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import type { Terminal } from '../terminal.ts'

/** Prints what led to an order, as analytics counts it. Exit code 1 when there is none; of several each is explained. */
export async function explainOrder(
  terminal: Terminal,
  env: Environment,
  { id, merchant }: { id: string; merchant?: string | undefined },
): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const all = await withDatabase(mongo, async (db) => {
    const found = await findDocuments(db, { kind: 'order', id, merchant })
    const ids = { _id: { $in: found.map(({ _id }) => _id) } }
    const facts = db.collection<{ _id: string; waits?: true }>('analytics_order_facts')
    const waiting = new Set((await facts.find({ ...ids, waits: true }).toArray()).map(({ _id }) => _id))
    const shown = db.collection<{ _id: string; because?: string[]; at?: Date }>('analytics_order_shown')
    const counted = new Map((await shown.find(ids).toArray()).map((one) => [one._id, one]))
    return found.map(({ _id }) => ({ id: _id, shown: counted.get(_id), waits: waiting.has(_id) }))
  })
  if (all.length === 0) {
    terminal.tell(`varai: no order ${printable(id)}`)
    return 1
  }
  for (const { id: order, shown, waits } of all) {
    await terminal.print(printable(`order ${order}`))
    const lines = shown?.because ?? ['It is not counted yet.']
    for (const line of lines) await terminal.print(printable(line))
    if (shown?.because !== undefined && shown.at === undefined)
      await terminal.print('It counts nowhere: it is deleted, a test, or nobody said when it was made.')
    if (waits) await terminal.print('Something became known since that is not counted yet.')
  }
  return 0
}
