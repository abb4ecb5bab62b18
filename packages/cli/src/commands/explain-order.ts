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
    const facts = db.collection<{ _id: string; because?: string[]; shownAt?: Date; waits?: true }>(
      'analytics_order_facts',
    )
    const counted = await facts.find({ _id: { $in: found.map(({ _id }) => _id) } }).toArray()
    const byId = new Map(counted.map((fact) => [fact._id, fact]))
    return found.map(({ _id }) => ({ id: _id, fact: byId.get(_id) }))
  })
  if (all.length === 0) {
    terminal.tell(`varai: no order ${printable(id)}`)
    return 1
  }
  for (const { id: order, fact } of all) {
    await terminal.print(printable(`order ${order}`))
    const lines = fact?.because ?? ['It is not counted yet.']
    for (const line of lines) await terminal.print(printable(line))
    if (fact?.because !== undefined && fact.shownAt === undefined)
      await terminal.print('It counts nowhere: it is deleted, a test, or nobody said when it was made.')
    if (fact?.waits === true) await terminal.print('Something became known since that is not counted yet.')
  }
  return 0
}
