import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startMagentoCore, vectors } from './magento-core.ts'

describe.each(['8.1', '8.4'] as const)('PHP %s', async (version) => {
  const php = await startMagentoCore(version)

  test.each(vectors())('signs as agreed: $about', async (vector) => {
    const given = { ...vector }
    const call = `Signature::of($given['secret'], $given['timestamp'], $given['eventId'], $given['topic'], $given['body'])`
    expect(await php(call, given)).toBe(vector.signature)
    const head = `${vector.timestamp}.${vector.eventId}.${vector.topic}.`
    const ours = createHmac('sha256', vector.secret).update(head + vector.body)
    expect(`sha256=${ours.digest('hex')}`).toBe(vector.signature)
  })

  test('a retry keeps event id and body, and is signed for its own time', async () => {
    const message = `new Message('https://shop.example/default', 'order.saved', 'an-id', '{"a":1}')`
    const [first, again] = [await php(`(${message})->headers('s', 100)`), await php(`(${message})->headers('s', 160)`)]
    const sign = (time: number) => createHmac('sha256', 's').update(`${time}.an-id.order.saved.{"a":1}`).digest('hex')
    expect(first).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': 'Varai-Sync-Magento/1.0',
      'X-Varai-Store': 'https://shop.example/default',
      'X-Varai-Topic': 'order.saved',
      'X-Varai-Event-Id': 'an-id',
      'X-Varai-Timestamp': '100',
      'X-Varai-Signature': `sha256=${sign(100)}`,
    })
    expect(again).toMatchObject({ 'X-Varai-Event-Id': 'an-id', 'X-Varai-Signature': `sha256=${sign(160)}` })
  })

  test('event ids are random UUIDs', async () => {
    const ids = await php('array_map(fn () => EventId::create(), range(1, 50))')
    expect(new Set(ids as string[]).size).toBe(50)
    for (const id of ids as string[])
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })

  test('an address counts with and without a slash at its end', async () => {
    const endpoint = (address: string) => php('Message::endpoint($given)', address)
    expect(await endpoint(' https://varai.example/ ')).toBe('https://varai.example/webhooks/magento/module')
    expect(await endpoint('https://varai.example/sync')).toBe('https://varai.example/sync/webhooks/magento/module')
  })
})
