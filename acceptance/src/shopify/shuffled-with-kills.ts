import type { DeadLetter } from '@varai/kafka'
import { agrees, compareWithTruth, deliver, type Forged, forgeries, mergeTruths } from '@varai/simulator'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { killInTurn } from './kill-in-turn.ts'
import { mixedDeliveries, type Sent, twoShops } from './mixed-deliveries.ts'

/** Two whole shops and forgers at once, repeated and in any order, while everything between them is killed in turn. */
export const shuffledWithKills: Check<SystemContext> = {
  title:
    'two shops and forgers at once, repeated, shuffled, ingest, sync-core and Kafka killed under way: documents equal the truth, dead letters hold the unreadable alone',
  async run({ short, system, db, webhookUrl, settled, deadLetters }) {
    const deliveries = short ? 600 : 20_000
    const kills = short ? 3 : 10
    const shops = twoShops(deliveries)
    const sent = [...mixedDeliveries(shops)]
    const forged = sent.flatMap((delivery) => delivery.forged ?? [])
    const before = new Set((await deadLetters()).map(positionOf))

    // One to three times each: twice on the average.
    const expected = sent.length * 2
    const answers = createAnswers()
    let over = false
    const sending = deliver(sent, {
      url: webhookUrl,
      repeat: [1, 3],
      shuffle: 'total',
      seed: 'shopify',
      wanted: answers.take,
      // Unhurried: at full speed all would be through before everything is back from its last kill.
      rate: short ? 60 : 250,
      deadline: 30 * 60_000,
    }).finally(() => (over = true))
    const [killed, report] = await Promise.all([
      killInTurn(system, kills, () => (over ? 1 : Math.min(answers.ended() / expected, 0.99))),
      sending,
    ])
    await settled()

    const comparison = await compareWithTruth(db, mergeTruths(...shops.map((shop) => shop.truth())))
    const letters = (await deadLetters()).filter((letter) => !before.has(positionOf(letter)))
    const wrong = compareLetters(letters, forged)
    const unlike = answers.unlike()
    const timesKilled = Object.values(killed).reduce((sum, times) => sum + times, 0)
    const [difference] = comparison.differences
    return {
      holds:
        report.ended === 'done' &&
        timesKilled === kills &&
        comparison.checked > 0 &&
        agrees(comparison) &&
        wrong.missing.length + wrong.unexpected.length + unlike.length === 0,
      figures: [
        `${deliveries} deliveries and ${forged.length} forged ones, sent ${report.deliveries} times and ${report.retries} times again in ${report.seconds.toFixed(0)} s, answers ${JSON.stringify(report.byStatus)}`,
        `killed: ${Object.entries(killed)
          .map(([name, times]) => `${name} ${times} times`)
          .join(', ')}`,
        `${comparison.agreeing} of ${comparison.checked} documents equal the truth; ${comparison.missing.length} missing, ${comparison.unexpected.length} unexpected, ${comparison.differences.length} differing fields`,
        ...(difference === undefined ? [] : [`first difference: ${JSON.stringify(difference)}`]),
        `${letters.length} dead letters of ${wrong.expected} forged deliveries that were signed; ${wrong.missing.length} missing, ${wrong.unexpected.length} that should not be there`,
        ...wrong.unexpected.slice(0, 3).map((letter) => `unexpected: ${letter.service}: ${letter.reason}`),
        `${unlike.length} answers to forged deliveries other than they should be`,
        ...unlike.slice(0, 3),
      ],
    }
  },
}

const positionOf = ({ partition, offset }: DeadLetter): string => `${partition}|${offset}`

/** Follows what is answered. A genuine delivery ends with 200, a forged one with any answer that is meant to stay. */
function createAnswers() {
  let ended = 0
  const given = new Map<Forged, Set<number>>()
  return {
    take({ forged }: Sent, status: number): boolean {
      const comeAgain = status === 429 || status >= 500
      if (forged !== undefined && !comeAgain) given.set(forged, (given.get(forged) ?? new Set()).add(status))
      const end = forged === undefined ? status === 200 : !comeAgain
      if (end) ended += 1
      return end
    },
    ended: () => ended,
    unlike: () =>
      [...given].flatMap(([{ forgery }, statuses]) =>
        [...statuses]
          .filter((status) => status !== forgeries[forgery].answer)
          .map((status) => `${forgery}: ${status} instead of ${forgeries[forgery].answer}`),
      ),
  }
}

/** By webhook id: those that must be kept and are not, and letters of anything else. A kill may keep one twice. */
function compareLetters(letters: readonly DeadLetter[], forged: readonly Forged[]) {
  const wanted = new Set(
    forged.filter(({ forgery }) => forgeries[forgery].deadLetter).map(({ webhookId }) => webhookId),
  )
  const kept = new Set(letters.map(idOf))
  return {
    expected: wanted.size,
    missing: [...wanted].filter((id) => !kept.has(id)),
    unexpected: letters.filter((letter) => !wanted.has(idOf(letter))),
  }
}

const idOf = ({ headers }: DeadLetter): string => headers['varai-delivery-id'] ?? ''
