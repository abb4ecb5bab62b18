import { dataTypes } from '@varai/ml-data/pure'
import type { Check } from '../../runner.ts'
import type { AnalyticsContext } from '../open-analytics.ts'
import { attack, wilson } from './attack.ts'
import { firstExport } from './exported.ts'
import { k, type Made, type Trained, trained } from './trained.ts'

/** Standard deviations beyond which chance goes once in ten thousand times. */
const oneInTenThousand = 3.72

/** Everything true of everybody, held against the export: whose is which row? */
export const linkage: Check<AnalyticsContext> = {
  title: `linkage: whoever knows everything of everybody says of no row whose it is, but by chance, one in ${k}`,
  async run(context) {
    const of = await trained(context)
    const { rows, text } = await firstExport(context, of)
    const figures: string[] = []
    let holds = true
    for (const dataType of dataTypes) {
      const some = rows.get(dataType) ?? []
      const known = of.made.filter((made) => made.dataType === dataType)
      const strangers = some.filter(({ truly }) => truly === 'nobody').length
      const { guesses, right, expected, smallest, untrue } = attack(some, known)
      const { low, high } = wilson(right, guesses)
      const levels = Object.entries(Object.groupBy(some, ({ row }) => String(row['consentLevel'])))
      const pseudonyms = some.flatMap(({ row }) => (row['pseudonym'] === null ? [] : [row['pseudonym']]))
      const ok =
        guesses > 0 &&
        strangers + untrue === 0 &&
        // What chance gave this time is printed; what it gives on average must hold each time.
        expected / guesses <= 1 / k + 1e-9 &&
        wilson(right, guesses, oneInTenThousand).low <= 1 / k &&
        smallest >= k &&
        new Set(pseudonyms).size === pseudonyms.length
      holds &&= ok
      const share = (part: number) => `${(100 * part).toFixed(2)} %`
      figures.push(
        `${dataType}: ${guesses} rows (${levels.map(([level, all]) => `${level} ${all?.length}`).join(', ')}), ${right} named rightly: ${share(right / guesses)}, 95 % interval ${share(low)} to ${share(high)}, on average ${share(expected / guesses)}, bound ${share(1 / k)}; ${untrue} say what is not true of whom they are about; the fewest that say the same: ${smallest}; ${new Set(pseudonyms).size} pseudonyms, none twice`,
      )
    }
    const told = identifiersIn(text, of)
    const kept = await compareKept(context, of.made)
    return {
      holds: holds && told.length === 0 && kept.holds,
      figures: [
        `${of.shoppers.length} people, told in ${of.told} events in no order and up to twice`,
        ...figures,
        `ids, e-mail addresses and exact times in it: ${told.length === 0 ? 'none' : told.slice(0, 5).join(', ')}`,
        kept.figure,
      ],
    }
  },
}

/** Anything that names somebody, or a moment. */
function identifiersIn(text: string, { shoppers }: Trained): string[] {
  const ids = shoppers.flatMap(({ sessionId, customerId, steps }) => [
    ...[sessionId, ...(customerId === undefined ? [] : [`"${customerId}"`])],
    ...steps.flatMap(({ id, deed }) => {
      if (deed.what === 'bought') return [id, deed.orderId]
      return deed.what === 'recommended' ? [id, `"${deed.recommendationId}"`] : [id]
    }),
  ])
  const times = text.match(/\d{4}-\d\d-\d\dT\d\d:|\b1[6-9]\d{11}\b|\b\d{2}:\d{2}:\d{2}\b/g) ?? []
  const addresses = text.match(/[^\s"]+@[^\s"]+/g) ?? []
  return [...ids.filter((id) => text.includes(id)), ...times, ...addresses]
}

/** Each row must be kept, shown or waiting, at the level that its person allows, and no other. */
export async function compareKept({ db }: Pick<AnalyticsContext, 'db'>, made: readonly Made[]) {
  const rows = await db
    .collection<{ _id: string; level: string }>('ml_rows')
    .find({ _id: { $in: made.map(({ row }) => row) } }, { projection: { level: 1 } })
    .toArray()
  const kept = new Map(rows.map(({ _id, level }) => [_id, level]))
  const wrong = made.filter(({ row, level }) => kept.get(row) !== level)
  const [first] = wrong
  const more = first && `; first: ${first.dataType} of ${first.person} at ${first.level} is ${kept.get(first.row)}`
  return {
    holds: made.length > 0 && wrong.length === 0,
    figure: `${made.length - wrong.length} of ${made.length} rows that the lives come to are kept, at the level that each allows${more ?? ''}`,
  }
}
