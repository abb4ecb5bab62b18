import { tail } from '@varai/kafka'
import { privacyConfirmationsTopic } from '@varai/schemas'
import type { Check } from '../../runner.ts'
import type { AnalyticsContext } from '../open-analytics.ts'
import { type Exported, exported, firstExport } from './exported.ts'
import { erasure, isNamed, requestOf, withdrawal } from './say.ts'
import { collected, publishing, shops, trained, varai } from './trained.ts'

const each = 12

/** People withdraw, and people have themselves erased: the next export knows none of them, the earlier one is named. */
export const left: Check<AnalyticsContext> = {
  title: 'who withdraws or is erased is in no later export, and listed for the earlier one that holds them',
  async run(context) {
    const of = await trained(context)
    const before = await firstExport(context, of)
    const inIt = peopleIn(before)
    // Whoever never allowed more than basic has nothing to withdraw.
    const more = new Set(of.made.filter(({ level }) => level !== 'basic').map(({ person }) => person))
    const some = of.shoppers.filter(({ sessionId }) => inIt.has(sessionId))
    const withdrawing = some.filter(({ sessionId }) => more.has(sessionId)).slice(0, each)
    const gone = new Set(withdrawing)
    const erased = some.filter((shopper) => isNamed(shopper) && !gone.has(shopper)).slice(0, each)
    const at = Date.now()
    await publishing(context, (publisher) =>
      Promise.all([
        ...withdrawing.map((shopper) => publisher.publish(withdrawal(shopper, shops, at))),
        ...erased.map((shopper) => publisher.publish(erasure(shopper, shops, at))),
      ]),
    )
    await collected(context)
    const after = await exported(context, 'after', of)
    const left = new Set([...withdrawing, ...erased].map(({ sessionId }) => sessionId))
    const still = [...peopleIn(after)].filter((person) => left.has(person))
    const wanted = [...before.rows.values()]
      .flat()
      .filter(({ truly }) => left.has(truly))
      .map(({ name }) => name)
    const listed = await listedFor(context, before.id)
    const unlisted = wanted.filter((name) => !listed.has(name))
    const others = [...listed].filter((name) => !wanted.includes(name))
    const confirmed = await confirmations(context)
    const unconfirmed = erased.filter(({ customerId = '' }) => !confirmed.has(requestOf(customerId)))
    const count = (of: Exported) => [...of.rows.values()].flat().length
    return {
      holds:
        withdrawing.length === each &&
        erased.length === each &&
        wanted.length >= 2 * each &&
        still.length + unlisted.length + others.length + unconfirmed.length === 0,
      figures: [
        `${withdrawing.length} people withdrew, ${erased.length} were erased; ${wanted.length} of the ${count(before)} rows of the export before were theirs`,
        `${still.length} of them are in the export after, which has ${count(after)} rows`,
        `${wanted.length - unlisted.length} of their rows are listed for the export before, and ${others.length} of others`,
        `${erased.length - unconfirmed.length} of ${erased.length} erasures are confirmed`,
      ],
    }
  },
}

const peopleIn = ({ rows }: Exported): Set<string> => new Set([...rows.values()].flat().map(({ truly }) => truly))

/** The rows that the command lists for an export. */
async function listedFor(context: AnalyticsContext, id: string): Promise<Set<string>> {
  const lines = (await varai(context, 'ml', 'withdrawals', '--export', id, '--json'))
    .split('\n')
    .filter((line) => line.startsWith('{'))
  const all = lines.flatMap((line) => (JSON.parse(line) as { rows: { row: string; exports: string[] }[] }).rows)
  return new Set(all.filter(({ exports }) => exports.includes(id)).map(({ row }) => row))
}

async function confirmations({ kafka, codec }: AnalyticsContext): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const { decoded } of tail({
    kafka,
    codec,
    topics: [privacyConfirmationsTopic],
    from: 'earliest',
    untilEnd: true,
  })) {
    if (decoded.ok && decoded.record === 'PrivacyConfirmed' && decoded.value.service === 'ml-collector') {
      found.add(decoded.value.requestId)
    }
  }
  return found
}
