import { read, type Statement, type Translation, type TranslationContext } from '@varai/ingest/pure'

/** `{number, changed, sum, currency, buyer: {mail, phone}}` → what the shop states. All failures at once. */
function translateOrder(body: unknown): Translation<Statement[]> {
  const order = read(body)
  const buyer = order.child('buyer')
  return order.result([
    {
      record: 'OrderStated',
      eventName: 'order_created',
      entityId: order.id('number'),
      platformAt: order.time('changed'),
      facts: {
        total: order.decimal('sum'),
        currency: order.text('currency'),
        email: buyer?.optionalText('mail'),
        phone: buyer?.optionalText('phone'),
      },
    },
  ])
}

/** `{number}`: Brillo deletes for good, and does not say when. */
function translateRemoval(body: unknown): Translation<Statement[]> {
  const removed = read(body)
  return removed.result([
    {
      record: 'EntityDeleted',
      eventName: 'order_deleted',
      entityId: removed.id('number'),
      platformAt: undefined,
      facts: { reason: 'deleted', terminal: true, confirmed: true },
    },
  ])
}

const translators: ReadonlyMap<string, (body: unknown) => Translation<Statement[]>> = new Map([
  ['order.placed', translateOrder],
  ['order.removed', translateRemoval],
])

/** Brillo's events that state something. What has no translator ends in the dead letters. */
export const knownTopics: ReadonlySet<string> = new Set(translators.keys())

/** A delivery's document → what the shop states with it. */
export const translate = (body: unknown, { topic }: TranslationContext): Translation<Statement[]> =>
  translators.get(topic)?.(body) ?? { ok: false, failures: [{ path: '', reason: 'unknown topic' }] }
