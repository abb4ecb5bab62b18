import { connect } from 'node:net'
import { NotAcknowledged, QueueFull, TooLarge, Unencodable } from '@varai/kafka'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startShell, type TestShell } from './test-shell.ts'

const now = Date.parse('2026-06-01T12:00:00Z')
const order = (id: string | number = 1, more = '') => `{"id":${id},"at":"2026-06-01T11:00:00Z"${more}}`

let shell: TestShell
beforeEach(async () => {
  shell = await startShell({ now: () => now, limits: { maxBodyBytes: 3_000_000, answerWithinMs: 300 } })
})
afterEach(() => shell.close())

const counted = async (pattern: RegExp) =>
  (await shell.metrics.render()).text.split('\n').filter((line) => pattern.test(line))

const underWay = async () => Number((await counted(/requests_under_way\{/)).at(0)?.split(' ').at(-1))

describe('the table of answers', () => {
  test('accepted: 200 when Kafka has every event of the delivery', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const answer = await shell.post(order('820982911946154508'), { 'x-id': 'd-1', traceparent })
    expect(answer).toMatchObject({ status: 200, body: { ok: true } })
    expect(shell.publisher.published).toMatchObject([
      {
        topic: 'varai.events.high',
        key: 'm1|order|shopify|shop.example|820982911946154508',
        record: 'OrderStated',
        value: { eventId: 'shopify|shop.example|d-1|0', ingestedAt: now, origin: 'webhook', traceparent },
      },
      { value: { eventId: 'shopify|shop.example|820982911946154508|paid' } },
    ])
    expect(shell.publisher.raw).toEqual([])
  })

  test('a delivery that only the store can explain: 200 when Kafka has the request to ask it', async () => {
    const edited = { 'x-id': 'd-1', 'x-topic': 'edited' }
    expect(await shell.post(order('7'), edited)).toMatchObject({ status: 200, body: { ok: true } })
    expect(shell.publisher.published).toEqual([
      expect.objectContaining({
        ...{ topic: 'varai.fetch.shopify', key: 'm1|order|shopify|shop.example|7', record: 'FetchRequested' },
        value: expect.objectContaining({ causeEventId: 'shopify|shop.example|d-1|0', requestedAt: now }),
      }),
    ])
    expect(await shell.post(order('7'), edited)).toMatchObject({ body: { duplicate: true } })
    expect(shell.publisher.published).toHaveLength(1)
    expect(await shell.post('{"id":"x"}', { 'x-topic': 'edited' })).toMatchObject({
      body: { kept: 'dead-letters', reasons: ['id: expected an id of digits'] },
    })
    shell.publisher.acts(() => Promise.reject(new NotAcknowledged('away')))
    expect(await shell.post(order('8'), { 'x-topic': 'edited' })).toMatchObject({ status: 503 })
  })

  test('a duplicate: 200, and nothing is published again', async () => {
    await shell.post(order(), { 'x-id': 'd-1' })
    expect(await shell.post(order(), { 'x-id': 'd-1' })).toMatchObject({ status: 200, body: { duplicate: true } })
    expect(shell.publisher.published).toHaveLength(2)
  })

  test.each([
    ['missing', ''],
    ['wrong', 'bad'],
  ])('signature %s: 401, nothing kept but a counter', async (_, sign) => {
    const answer = await shell.post(order(), { 'x-sign': sign })
    expect(answer).toMatchObject({ status: 401, body: { ok: false, error: 'bad signature' } })
    expect([shell.publisher.published, shell.publisher.raw, shell.lines]).toEqual([[], [], []])
    expect(shell.seen.ids.size).toBe(0)
    expect(await counted(/refused_requests_total\{.*bad signature.*shop\.example.*\} 1/)).toHaveLength(1)
  })

  test('while a secret is rotated the old one counts too', async () => {
    expect(await shell.post(order(), { 'x-sign': 'old' })).toMatchObject({ status: 200 })
  })

  test.each(['x-id', 'x-store'])('%s missing: 400', async (name) => {
    expect(await shell.post(order(), { [name]: '' })).toMatchObject({ status: 400, body: { ok: false } })
    expect(shell.publisher.published).toEqual([])
  })

  test('another method: 405 with the right one', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect(await shell.request('/hook', { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    }
  })

  test('an unknown store or path: 404', async () => {
    expect(await shell.post(order(), { 'x-store': 'other.example' })).toMatchObject({ status: 404 })
    expect(await shell.request('/other', { method: 'POST', body: 'x' })).toMatchObject({ status: 404 })
  })

  test.each([
    ['cannot be read', '{"id":1,', 'orders/create', /^not JSON, at character \d+$/],
    ['nests too deep', '['.repeat(100_000), 'orders/create', /nests deeper/],
    ['is empty', '', 'orders/create', /empty/],
    ['has failures', '{"id":"x"}', 'orders/create', /^id: expected an id of digits; at: is missing$/],
    ['has an unknown topic', order(), 'carts/update', /^unknown topic$/],
    ['breaks the translator', order(), 'breaks', /^the translator failed$/],
    [
      'speaks of tomorrow',
      '{"id":1,"at":"2026-06-02T13:00:01Z"}',
      'orders/create',
      /order_created.platformAt: is more than 25 hours ahead/,
    ],
  ])('signed, but it %s: 200, kept sealed in the dead letters with every reason', async (_, body, topic, reason) => {
    const answer = await shell.post(body, { 'x-id': 'd-1', 'x-topic': topic })
    expect(answer).toMatchObject({ status: 200, body: { ok: true, kept: 'dead-letters' } })
    const [letter] = shell.publisher.raw
    expect(shell.publisher.raw).toHaveLength(1)
    expect(letter).toMatchObject({
      topic: 'varai.dead-letters',
      key: 'm1|delivery|shopify|shop.example|d-1',
      headers: {
        ...{ 'varai-dlq-service': 'ingest-test', 'varai-dlq-reason': expect.stringMatching(reason) },
        ...{ 'varai-delivery-topic': topic, 'varai-delivery-id': 'd-1', 'varai-delivery-store': 'shop.example' },
        ...{ 'varai-delivery-received-at': '2026-06-01T12:00:00.000Z', 'varai-delivery-part': '1/1' },
      },
    })
    expect(letter?.bytes?.toString()).toBe(`sealed:${body}`)
    expect(shell.publisher.published).toEqual([])
    expect(await shell.post(body, { 'x-id': 'd-1', 'x-topic': topic })).toMatchObject({ body: { duplicate: true } })
  })

  test.each([
    ['too large for Kafka', new TooLarge(2_000_000, 1_000_000)],
    ['not what the contract holds', new Unencodable('not a OrderStated: total (decimal)')],
  ])('an event that is %s is kept', async (_, error) => {
    shell.publisher.acts(vi.fn(async () => undefined).mockRejectedValueOnce(error))
    expect(await shell.post(order())).toMatchObject({ status: 200, body: { reasons: [error.message] } })
    expect(shell.publisher.raw).toHaveLength(1)
  })

  test('an event larger than Kafka takes: whole in the vault, and what it says shortly on its lane', async () => {
    const encoded = Buffer.from('the encoded record')
    const tooLarge = new TooLarge(2_000_000, 1_000_000, encoded)
    shell.publisher.acts(vi.fn(async () => undefined).mockRejectedValueOnce(tooLarge))
    const answer = await shell.post(order(1, `,"note":"${'x'.repeat(600)}"`), { 'x-id': 'd-1' })
    expect(answer).toMatchObject({ status: 200, body: { ok: true } })
    expect(shell.vault.payloads).toEqual([encoded])
    expect(shell.publisher.raw).toEqual([])
    const light = shell.publisher.published.find(
      ({ value }) => 'eventId' in value && value.eventId === 'shopify|shop.example|d-1|0',
    )
    expect(light).toMatchObject({
      record: 'OrderStated',
      value: { payloadRef: 'payload:0', eventName: 'order_created' },
    })
    expect(light?.value).not.toHaveProperty('note')
    expect(shell.lines.join()).not.toContain('encoded record')
  })

  test('what states nothing is acknowledged and noted, once', async () => {
    const answer = await shell.post('{"id":7}', { 'x-topic': 'finished', 'x-id': 'd-1' })
    expect(answer).toMatchObject({ status: 200, body: { ok: true } })
    expect([shell.publisher.published, shell.publisher.raw]).toEqual([[], []])
    expect(shell.lines.join()).toContain('operation 7')
    expect(await counted(/deliveries_total\{.*finished.*acknowledged.*\} 1/)).toHaveLength(1)
    expect(await shell.post('{"id":7}', { 'x-topic': 'finished', 'x-id': 'd-1' })).toMatchObject({
      body: { duplicate: true },
    })
  })

  test('larger than a record: kept in parts that make the whole', async () => {
    const body = `{"id":"x","note":"${'ä'.repeat(1_200_000)}"}`
    expect(await shell.post(body)).toMatchObject({ status: 200 })
    const parts = shell.publisher.raw.map((letter) => letter.bytes?.subarray('sealed:'.length) ?? Buffer.alloc(0))
    expect(shell.publisher.raw.map((letter) => letter.headers?.['varai-delivery-part'])).toEqual(['1/3', '2/3', '3/3'])
    expect(new Set(shell.publisher.raw.map((letter) => letter.key)).size).toBe(1)
    expect(Buffer.concat(parts).toString()).toBe(body)
  })

  test('larger than allowed: 413, whether the length is claimed or only found', async () => {
    const body = Buffer.alloc(3_000_001, 0x20)
    expect(await shell.post(body)).toMatchObject({ status: 413 })
    const chunked = await fetch(shell.url, {
      ...{ method: 'POST', headers: shell.headers(), duplex: 'half' },
      body: new Blob([body]).stream(),
    })
    expect(chunked.status).toBe(413)
    expect(await shell.post(Buffer.alloc(3_000_000, 0x20))).toMatchObject({ status: 200 })
  })

  test('Kafka away: 503 with Retry-After, and the retry succeeds', async () => {
    shell.publisher.acts(() => Promise.reject(new NotAcknowledged('away')))
    const answer = await shell.post(order(), { 'x-id': 'd-1' })
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, body: { ok: false } })
    expect(shell.seen.ids.size).toBe(0)
    shell.publisher.acts(async () => undefined)
    expect(await shell.post(order(), { 'x-id': 'd-1' })).toMatchObject({ status: 200, body: { ok: true } })
  })

  test('Kafka away or vault away, for what must be kept: 503', async () => {
    shell.sealing.away = true
    expect(await shell.post('x')).toMatchObject({ status: 503 })
    shell.sealing.away = false
    shell.publisher.acts(() => Promise.reject(new NotAcknowledged('away')))
    expect(await shell.post('x')).toMatchObject({ status: 503 })
  })

  test('the queue to Kafka full: 429 with Retry-After', async () => {
    shell.publisher.acts(() => Promise.reject(new QueueFull('full')))
    expect(await shell.post(order())).toMatchObject({ status: 429, headers: { 'retry-after': '5' } })
  })
})

describe('a request about personal data', () => {
  const ask = (changes: Record<string, string> = {}) =>
    shell.post('{"id":7,"email":"ada@example.com"}', { 'x-topic': 'redact', 'x-id': 'd-1', ...changes })
  const requestId = 'shopify|shop.example|d-1'

  test('is recorded, then handed over under a reference that names nobody, then acknowledged', async () => {
    shell.publisher.acts(async () => void shell.vault.steps.push('publish'))
    expect(await ask()).toMatchObject({ status: 200, body: { ok: true } })
    expect(shell.vault.steps).toEqual([`record ${requestId}`, 'publish', `handed over ${requestId}`])
    const subjectRef = 'sub_shop.example_7'
    expect(shell.publisher.published).toMatchObject([
      {
        ...{ topic: 'varai.privacy', key: subjectRef, record: 'PrivacyRequested' },
        value: { requestId, subjectRef, scope: 'record', kind: 'customer_redact', email: 'ada@example.com' },
      },
    ])
    expect(JSON.stringify([...shell.vault.requests])).not.toContain('ada')
    expect(shell.lines.join()).not.toContain('ada@')
    expect(await ask()).toMatchObject({ body: { duplicate: true } })
  })

  test('Kafka away: recorded and 503; the retry hands it over under the same id', async () => {
    shell.publisher.acts(() => Promise.reject(new NotAcknowledged('away')))
    expect(await ask()).toMatchObject({ status: 503 })
    expect(shell.vault.requests.get(requestId)).not.toHaveProperty('handedOverAt')
    shell.publisher.acts(async () => undefined)
    expect(await ask()).toMatchObject({ status: 200 })
    expect(shell.vault.requests.size).toBe(1)
    expect(shell.vault.requests.get(requestId)).toHaveProperty('handedOverAt', now)
  })

  test('that cannot be read is kept in the dead letters', async () => {
    const kept = await shell.post('{"email":"ada@example.com"}', { 'x-topic': 'redact' })
    expect(kept).toMatchObject({ status: 200, body: { kept: 'dead-letters', reasons: ['id: is missing'] } })
    expect(shell.vault.steps).toEqual([])
  })
})

describe('deliveries that are here at once', () => {
  test('one id shares one outcome; a late one is told to come again and joins what goes on', async () => {
    const gate = Promise.withResolvers<void>()
    shell.publisher.acts(() => gate.promise)
    const late = await shell.post(order(), { 'x-id': 'd-1' })
    expect(late).toMatchObject({ status: 503, body: { error: 'not acknowledged yet' } })
    const joined = shell.post(order(), { 'x-id': 'd-1' })
    const other = shell.post(order(2), { 'x-id': 'd-2' })
    await vi.waitFor(async () => expect(await underWay()).toBe(3), 20_000)
    gate.resolve()
    expect(await joined).toMatchObject({ status: 200, body: { duplicate: true } })
    expect(await other).toMatchObject({ status: 200, body: { ok: true } })
    expect(shell.publisher.published).toHaveLength(4)
    await vi.waitFor(async () => expect(await underWay()).toBe(0), 20_000)
  })

  test('a failure is shared too, and forgotten', async () => {
    const gate = Promise.withResolvers<void>()
    shell.publisher.acts(() => gate.promise)
    const both = [shell.post(order(), { 'x-id': 'd-1' }), shell.post(order(), { 'x-id': 'd-1' })]
    await vi.waitFor(async () => expect(await underWay()).toBe(2), 20_000)
    gate.reject(new NotAcknowledged('away'))
    expect((await Promise.all(both)).map((answer) => answer.status)).toEqual([503, 503])
    shell.publisher.acts(async () => undefined)
    expect(await shell.post(order(), { 'x-id': 'd-1' })).toMatchObject({ status: 200 })
  })
})

describe('bounds', () => {
  test('more deliveries than there are places: 429, until one is free', async () => {
    const small = await startShell({ limits: { maxUnderWay: 1 } })
    const gate = Promise.withResolvers<void>()
    small.publisher.acts(() => gate.promise)
    const first = small.post(order())
    await vi.waitFor(
      async () => expect((await small.metrics.render()).text).toMatch(/requests_under_way\{[^}]*\} 1/),
      20_000,
    )
    expect(await small.post(order(2))).toMatchObject({ status: 429, headers: { 'retry-after': '5' } })
    gate.resolve()
    expect(await first).toMatchObject({ status: 200 })
    expect(await small.post(order(2))).toMatchObject({ status: 200 })
    await small.close()
  })

  test('a store that brings more than its rate: 429 before anything is read, until time has passed', async () => {
    let time = now
    const small = await startShell({ now: () => time, limits: { storePerSecond: 1 } })
    const statuses: number[] = []
    for (let id = 0; id < 10; id += 1) statuses.push((await small.post(order(id))).status)
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
    const tooMany = {
      status: 429,
      headers: { 'retry-after': '5' },
      body: { error: 'too many deliveries of this store' },
    }
    expect(await small.post(order(11))).toMatchObject(tooMany)
    expect(await small.post(order(11), { 'x-sign': 'bad' })).toMatchObject(tooMany)
    time += 1_000
    // Whoever signs nothing uses up nothing.
    expect(await small.post(order(11), { 'x-sign': 'bad' })).toMatchObject({ status: 401 })
    expect(await small.post(order(11))).toMatchObject({ status: 200 })
    expect((await small.metrics.render()).text).toMatch(
      /reason="too many deliveries of this store",store="shop.example"/,
    )
    await small.close()
  })

  test('what bodies may weigh together is bounded', async () => {
    const small = await startShell({ limits: { maxBytesUnderWay: 100 } })
    expect(await small.post(order(1, `,"note":"${'x'.repeat(100)}"`))).toMatchObject({ status: 429 })
    expect(await small.post(order())).toMatchObject({ status: 200 })
    await small.close()
  })

  test('a heavy body that nobody has signed yet gives way to small deliveries', async () => {
    const small = await startShell({ limits: { maxBytesUnderWay: 100_000 } })
    const heavy = connect(Number(new URL(small.url).port), '127.0.0.1')
    const head = Object.entries(small.headers()).map(([name, value]) => `${name}: ${value}\r\n`)
    let heard = ''
    heavy.on('data', (data) => (heard += data.toString()))
    heavy.write(`POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n${head.join('')}\r\n${' '.repeat(99_990)}`)
    await vi.waitFor(async () =>
      expect((await small.metrics.render()).text).toMatch(/requests_under_way_bytes\{[^}]*\} 99990/),
    )
    expect(await small.post(order())).toMatchObject({ status: 200 })
    await vi.waitFor(() => expect(heard).toMatch(/^HTTP\/1\.1 429 /))
    expect((await small.metrics.render()).text).toMatch(/requests_under_way_bytes\{[^}]*\} 0/)
    heavy.destroy()
    await small.close()
  })

  test('a sender that claims much and sends little takes no place from others', async () => {
    const small = await startShell({ limits: { maxBytesUnderWay: 1_000, maxUnderWay: 1 } })
    const socket = connect(Number(new URL(small.url).port), '127.0.0.1')
    const head = Object.entries(small.headers()).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n${head.join('')}\r\n{"id":`)
    await vi.waitFor(
      async () => expect((await small.metrics.render()).text).toMatch(/requests_under_way_bytes\{[^}]*\} 6/),
      20_000,
    )
    expect(await small.post(order())).toMatchObject({ status: 200 })
    socket.destroy()
    await small.close()
  })

  test('a sender that goes away in the middle leaves nothing behind', async () => {
    const socket = connect(Number(new URL(shell.url).port), '127.0.0.1')
    const head = Object.entries(shell.headers()).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n${head.join('')}\r\n{"id":`)
    await vi.waitFor(async () => expect(await underWay()).toBe(1), 20_000)
    socket.destroy()
    await vi.waitFor(async () => expect(await underWay()).toBe(0), 20_000)
    expect(shell.publisher.raw).toEqual([])
  })

  test('a sender that was answered and sends on for ever is cut off', async () => {
    const socket = connect(Number(new URL(shell.url).port), '127.0.0.1')
    socket.write('POST /hook HTTP/1.1\r\nhost: x\r\nx-store: other\r\ntransfer-encoding: chunked\r\n\r\n')
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    let received = ''
    socket.on('data', (data) => (received += data.toString()))
    socket.on('error', () => undefined)
    const send = () => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', send)
    send()
    await vi.waitFor(() => expect(socket.destroyed).toBe(true), 20_000)
    expect(received).toMatch(/^HTTP\/1\.1 404 /)
  })
})

test('closing answers what is under way and takes no more', async () => {
  const gate = Promise.withResolvers<void>()
  shell.publisher.acts(() => gate.promise)
  const last = shell.post(order())
  await vi.waitFor(async () => expect(await underWay()).toBe(1), 20_000)
  const closed = shell.close()
  await expect(fetch(shell.url)).rejects.toThrow()
  gate.resolve()
  expect(await last).toMatchObject({ status: 200, headers: { connection: 'close' } })
  await closed
})

test('logs and answers never hold what was delivered', async () => {
  const body = '{"id":"jane@example.com","at":"jane@example.com","note":7,"jane@example.com":1,"jane@example.com":2}'
  const answers = [
    await shell.post(body),
    await shell.post('{"id":"jane@example.com","at":[]}'),
    await shell.post('jane@example.com'),
  ]
  shell.publisher.acts(() => Promise.reject(new NotAcknowledged('away')))
  answers.push(await shell.post(order('"jane@example.com"')))
  expect(shell.lines.length).toBeGreaterThan(3)
  expect(JSON.stringify([shell.lines, answers, shell.publisher.raw.map((letter) => letter.headers)])).not.toContain(
    'jane',
  )
})

test('health and metrics answer beside the webhooks', async () => {
  expect(await shell.request('/readyz')).toMatchObject({ status: 200 })
  await shell.post(order())
  await shell.post('x', { 'x-topic': 'whatever a sender likes' })
  const metrics = await shell.request('/metrics')
  expect(metrics.body).toMatch(/deliveries_total\{topic="orders\/create",outcome="published",[^}]*\} 1/)
  expect(metrics.body).toMatch(/deliveries_total\{topic="other",outcome="kept",[^}]*\} 1/)
  expect(metrics.body).toMatch(/delivery_age_seconds_count\{[^}]*\} 1/)
  expect(metrics.body).not.toContain('whatever')
})
