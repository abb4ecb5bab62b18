import { readAgain as documentsAgain } from '../pipeline/read-again.ts'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { readTold } from './told.ts'

/** All lanes once more: the same documents, and nothing that nobody was told before. */
export const readAgain: Check<SystemContext> = {
  title: 'a second run of all lanes from offset 0: the same documents, no new change',
  async run(context) {
    const before = await readTold(context)
    const again = await documentsAgain.run(context)
    const after = await readTold(context)
    const added = [...after.ids].filter((id) => !before.ids.has(id))
    return {
      holds: again.holds && added.length === 0 && before.changes > 0,
      figures: [
        ...again.figures,
        `${before.changes} changes before, ${after.changes} after (${after.records - before.records} told again); ${added.length} new`,
        ...added.slice(0, 3),
      ],
    }
  },
}
