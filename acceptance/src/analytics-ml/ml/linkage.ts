import { dataTypes } from '@varai/ml-data/pure'
import type { Check } from '../../runner.ts'
import type { AnalyticsContext } from '../open-analytics.ts'
import { attack, wilson } from './attack.ts'
import { firstExport } from './exported.ts'
import { k, type Made, type Trained, trained } from './trained.ts'

/** Standard deviations beyond which chance goes less than once in a million times. */
const never = 5

/**
 * Everything true of everybody, held against the export: whose is which row?
 *
 * Success is a share of rows: those whose person the reader names. Rows that say the same are one to a reader, so which
 * of its people stands at which of them is chance; how many names are right is computed over all these orders instead of
 * drawn once. What remains is that these people are a sample of all there could be: the 95 % interval is for that.
 *
 * What must hold, of each type and of all together:
 * - the success itself is not above 1/k. It has no part that is drawn: this holds each time or is a flaw.
 * - the lower end of its 95 % interval is not above 1/k: of these rows nobody could conclude that more than one in k can
 *   be named. Computed of a draw, where all groups have exactly k, this would fail once in forty times of itself.
 * - in the long form, which has people enough: of all rows together the upper end is not above 1/k either.
 * - the order in which rows lie tells nothing: one reader who names people in that order is right as often as chance
 *   allows, within five standard deviations. Rows that lay in the order of their people would be far beyond.
 */
export const linkage: Check<AnalyticsContext> = {
  title: `linkage: whoever knows everything of everybody names the person of a row no oftener than one in ${k}, within the 95 % interval`,
  async run(context) {
    const of = await trained(context)
    const { rows, text } = await firstExport(context, of)
    const figures: string[] = []
    let holds = true
    const total = { guesses: 0, expected: 0 }
    for (const dataType of dataTypes) {
      const some = rows.get(dataType) ?? []
      const known = of.made.filter((made) => made.dataType === dataType)
      const strangers = some.filter(({ truly }) => truly === 'nobody').length
      const { guesses, expected, right, deviation, smallest, untrue } = attack(some, known)
      total.guesses += guesses
      total.expected += expected
      const success = judge(expected, guesses)
      const levels = Object.entries(Object.groupBy(some, ({ row }) => String(row['consentLevel'])))
      const pseudonyms = some.flatMap(({ row }) => (row['pseudonym'] === null ? [] : [row['pseudonym']]))
      const twice = pseudonyms.length - new Set(pseudonyms).size
      holds &&=
        success.holds && strangers + untrue + twice === 0 && right <= expected + never * deviation && smallest >= k
      figures.push(
        `${dataType}: ${guesses} rows (${levels.map(([level, all]) => `${level} ${all?.length}`).join(', ')}); success ${success.figure}; in the order of the rows ${right} names are right, ${expected.toFixed(1)} ± ${deviation.toFixed(1)} are chance; ${untrue} rows say what is not true of whom they are about; the fewest that say the same: ${smallest}; ${pseudonyms.length} pseudonyms, ${twice} twice`,
      )
    }
    const success = judge(total.expected, total.guesses)
    holds &&= success.holds && (context.short || success.high <= 1 / k)
    figures.push(`all ${total.guesses} rows: success ${success.figure}`)
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

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

function judge(expected: number, guesses: number) {
  const share = expected / guesses
  const { low, high } = wilson(expected, guesses)
  return {
    // Sums of shares are not exact in floating point.
    holds: guesses > 0 && share <= 1 / k + 1e-9 && low <= 1 / k,
    high,
    figure: `${percent(share)} (95 % interval ${percent(low)} to ${percent(high)}), bound ${percent(1 / k)}`,
  }
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
