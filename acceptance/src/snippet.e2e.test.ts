import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { ensureTools, findBrowser, formatProgress } from '@varai/dev-stack/install'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, ensureTopics, tail } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { lanes, laneTopic } from '@varai/schemas'
import { type ServiceProcess, startServiceProcess } from '@varai/testkit'
import { MongoClient } from 'mongodb'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { startGate } from './snippet/start-gate.ts'
import { startShop } from './snippet/start-shop.ts'

/** Where no browser can be had the tests are skipped, and say why. */
const lacking = await ensureTools(
  ['browser'],
  process.env,
  (kind, text) => process.stderr.write(`${formatProgress({ about: 'stack', kind, text })}\n`),
  AbortSignal.timeout(600_000),
).then(
  () => undefined,
  (error: unknown) => String(error),
)

const stack = inject('stack')
const name = `snippet-${process.pid}`
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const codec = createCodec({ registryUrl: stack.registry.url, log })
const mongo = new MongoClient(stack.mongo.url)

let collectorUrl: string
let collector: ServiceProcess
let gate: Awaited<ReturnType<typeof startGate>>
let shop: Awaited<ReturnType<typeof startShop>>
let browser: Browser
let folder: string

beforeAll(async () => {
  if (lacking !== undefined) return
  folder = await mkdtemp(join(tmpdir(), 'snippet-e2e-'))
  gate = await startGate(() => collectorUrl)
  shop = await startShop(() => gate.url)
  const stores = [
    {
      ...{ platform: 'html', id: 'atelier', currency: 'EUR', publishableKey: 'pk_atelier' },
      ...{ allowedOrigins: [shop.origin], webhookSecrets: { current: { literal: 'secret' } } },
    },
  ]
  const env = {
    ...{ KAFKA_BROKERS: stack.kafka.brokers.join(','), SCHEMA_REGISTRY_URL: stack.registry.url, PORT: '0' },
    ...{ MONGO_URL: stack.mongo.url, MONGO_DATABASE: name, REDIS_URL: stack.redis.url },
    ...{ VARAI_TOPIC_PREFIX: `${name}.`, VARAI_MASTER_KEY: randomBytes(32).toString('base64') },
    ...{ VARAI_STORES: join(folder, 'stores.yaml'), VARAI_COLLECT_REQUESTS_PER_ADDRESS: '100000' },
  }
  // JSON is YAML.
  await writeFile(env.VARAI_STORES, JSON.stringify({ merchants: [{ id: 'm1', stores }] }))
  await ensureTopics(kafka, { partitions: 2 })
  collector = startServiceProcess(join(root, 'services', 'ingest-html', 'src', 'main.ts'), env)
  collectorUrl = String((await collector.logged('api.listening'))['url'])
  await vi.waitFor(async () => expect((await fetch(`${collectorUrl}/readyz`)).status).toBe(200), 60_000)
  browser = await chromium.launch({ executablePath: (await findBrowser(process.env)) ?? '' })
})
afterAll(async () => {
  if (lacking !== undefined) return
  await browser?.close()
  await shop?.close()
  await gate?.close()
  await collector?.stop()
  await mongo.db(name).dropDatabase()
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

let context: BrowserContext
let foreign: string[]
beforeEach(async ({ skip }) => {
  if (lacking !== undefined) skip(lacking)
  gate.reset()
  foreign = []
  context = await browser.newContext()
  context.on('request', (request) => {
    if (![shop.origin, gate.url].includes(new URL(request.url()).origin)) foreign.push(request.url())
  })
})
afterEach(async () => {
  await context?.close()
  expect(foreign).toEqual([])
})

const patience = { timeout: 60_000, interval: 100 }

async function openPage(query = 'consent=basic'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${shop.origin}/page?${query}`)
  await page.waitForFunction(() => Reflect.get(globalThis, 'varai')?.v !== undefined)
  return page
}
/** A command, as the page's own code gives it. */
const varai = (page: Page, ...call: unknown[]): Promise<void> =>
  page.evaluate((given) => {
    Reflect.get(globalThis, 'varai')(...given)
  }, call)
const sessionOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(
    () => new Promise<string | undefined>((resolve) => Reflect.get(globalThis, 'varai')('session', resolve)),
  )
/** What the shop's pages keep in this browser, by name. */
const keptBy = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(() => ({ ...Reflect.get(globalThis, 'localStorage') }))
const violationsOf = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(globalThis, 'violations'))

/** Events of a session that Kafka has, by their ids: what is sent again is the same event. */
async function published(sessionId: string | undefined) {
  const found = new Map<string, Readonly<Record<string, unknown>>>()
  for await (const { decoded } of tail({
    kafka,
    codec,
    topics: lanes.map(laneTopic),
    from: 'earliest',
    untilEnd: true,
  })) {
    if (!decoded.ok || !('sessionId' in decoded.value) || decoded.value.sessionId !== sessionId) continue
    found.set(decoded.value.eventId, { ...decoded.value })
  }
  return [...found.values()]
}
const namesOf = (events: readonly Readonly<Record<string, unknown>>[]) =>
  events.map((event) => event['eventName']).sort()

describe('the snippet in a real browser', () => {
  test('under the strictest policy marks, clicks and commands arrive, from the right page and without cookies', async () => {
    await context.addCookies([{ name: 'secret', value: 'cookie', url: gate.url }])
    const page = await openPage()
    await page.click('#recommended b')
    await page.click('#try-on')
    await varai(page, 'track', 'product_clicked', {
      productId: 7,
      sku: 'BODO',
      properties: { list: 'new', unknown: 'x' },
    })
    const session = await sessionOf(page)
    await vi.waitFor(() => expect(gate.posts.flatMap(({ events }) => events)).toHaveLength(4), patience)
    await vi.waitFor(async () => {
      const events = await published(session)
      expect(events).toHaveLength(4)
      const common = { source: 'html', consentLevel: 'basic', region: 'EU', recommendationId: null }
      expect(events).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ...common, eventName: 'product_viewed', productId: 'p-1', variantId: 'v-1' }),
          expect.objectContaining({
            ...{ ...common, eventName: 'recommendation_clicked', productId: 'p-2', recommendationId: 'rec-1' },
            properties: { position: '2' },
          }),
          expect.objectContaining({ ...common, eventName: 'virtual_try_on_started', properties: { camera: 'front' } }),
          expect.objectContaining({
            ...common,
            eventName: 'product_clicked',
            productId: '7',
            properties: { list: 'new' },
          }),
        ]),
      )
    }, patience)
    for (const { origin, cookie, body } of gate.posts) {
      expect({ origin, cookie }).toEqual({ origin: shop.origin, cookie: undefined })
      expect(body).not.toContain('unknown')
    }
    expect(await violationsOf(page)).toEqual([])
    expect(Object.keys(await keptBy(page))).toEqual(['varai.session'])
  })

  test('a session goes on from page to page, and an analysis leaves its landmarks behind', async () => {
    const marker = 'CANARY'
    const raw = {
      landmarks: [[0.1, 0.2, marker]],
      image: `data:image/png;base64,${marker}`,
      nested: { embedding: [marker] },
    }
    const page = await openPage()
    await varai(page, 'track', 'ai_session_started', { locale: 'de-AT', ...raw })
    await varai(page, 'consent', 'enhanced', { proof: 'text 2026-01, banner', ...raw })
    const measurements = { pupillaryDistance: 62.5, ...raw }
    await varai(page, 'track', 'face_analysis_completed', {
      ...raw,
      analysis: { faceShape: 'oval', measurements, ...raw },
    })
    const session = await sessionOf(page)
    await page.goto(`${shop.origin}/page?consent=basic&next`)
    // The assistant opens again: it is the same session.
    await varai(page, 'track', 'ai_session_started')
    await varai(page, 'track', 'ai_session_completed', {
      outcome: 'bought',
      faceAnalysis: { faceShape: 'oval', ...raw },
    })
    expect(await sessionOf(page)).toBe(session)
    await vi.waitFor(async () => {
      const events = await published(session)
      expect(namesOf(events)).toEqual([
        ...['ai_session_completed', 'ai_session_started', 'consent_changed', 'face_analysis_completed'],
        ...['product_viewed', 'product_viewed'],
      ])
      const of = (eventName: string) => events.find((event) => event['eventName'] === eventName)
      const analysis = {
        faceShape: 'oval',
        measurements: { pupillaryDistance: 62.5, faceWidth: null, faceHeight: null },
      }
      expect(of('face_analysis_completed')).toMatchObject({ analysis, consentLevel: 'enhanced' })
      expect(of('ai_session_started')).toMatchObject({ locale: 'de-AT', consentLevel: 'basic', priority: 'high' })
      expect(of('ai_session_completed')).toMatchObject({ outcome: 'bought', faceAnalysis: { faceShape: 'oval' } })
      expect(of('ai_session_completed')?.['durationSeconds']).toBeGreaterThan(0)
    }, patience)
    expect(gate.posts.length).toBeGreaterThan(0)
    expect(JSON.stringify([gate.posts, await keptBy(page)])).not.toContain(marker)
    // After its end the next begins under an id of its own.
    await varai(page, 'track', 'ai_session_started')
    expect(await sessionOf(page)).not.toBe(session)
  })

  test('offline and back: everything arrives, once', async () => {
    const page = await openPage()
    const session = await sessionOf(page)
    await vi.waitFor(() => expect(gate.posts.map(({ status }) => status)).toEqual([200]), patience)
    await context.setOffline(true)
    const failed = page.waitForEvent('requestfailed')
    for (let time = 0; time < 5; time += 1) await varai(page, 'track', 'product_clicked', { productId: time })
    await failed
    expect(gate.posts).toHaveLength(1)
    await context.setOffline(false)
    await vi.waitFor(async () => expect(await published(session)).toHaveLength(6), patience)
    await vi.waitFor(async () => expect(Object.keys(await keptBy(page))).toEqual(['varai.session']), patience)
    expect(new Set(gate.eventIds()).size).toBe(gate.eventIds().length)
  })

  test('a collector that cannot now is left alone for as long as it asked', async () => {
    gate.refuse({ status: 429, retryAfter: 3 })
    const page = await openPage()
    await vi.waitFor(() => expect(gate.posts).toHaveLength(1), patience)
    gate.refuse(undefined)
    // Neither what is new nor another tab, nor coming online, brings it to come sooner.
    const other = await openPage()
    await varai(other, 'track', 'product_clicked', { productId: 'p-9' })
    await page.evaluate(() => Reflect.get(globalThis, 'dispatchEvent')(new Event('online')))
    await vi.waitFor(async () => expect(await published(await sessionOf(page))).toHaveLength(3), patience)
    const [first, second] = gate.posts
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_950)
  })

  test('closed mid-batch, and left at once: nothing is lost, nothing is two', async () => {
    const page = await openPage()
    const session = await sessionOf(page)
    gate.hold()
    await varai(page, 'track', 'product_clicked', { productId: 'mid-batch' })
    await vi.waitFor(() => expect(gate.posts.at(-1)?.body).toContain('mid-batch'), patience)
    await page.close()
    gate.release()
    const next = await openPage()
    // Gone before there was time to gather, and no page of the shop is left that could send it later.
    await next.evaluate(() => {
      Reflect.get(globalThis, 'varai')('track', 'product_clicked', { productId: 'left' })
      Reflect.get(globalThis, 'location').href = 'about:blank'
    })
    await vi.waitFor(async () => {
      const events = await published(session)
      const clicked = events
        .filter((event) => event['eventName'] === 'product_clicked')
        .map((event) => event['productId'])
      expect(clicked.sort()).toEqual(['left', 'mid-batch'])
    }, patience)
    const last = await openPage()
    await vi.waitFor(async () => expect(Object.keys(await keptBy(last))).toEqual(['varai.session']), patience)
  })

  test('two tabs: one session, one sender at a time, nothing twice', async () => {
    const tabs = [await openPage(), await openPage()] as const
    const clicks = 60
    await Promise.all(
      tabs.map(async (tab, index) => {
        for (let time = 0; time < clicks; time += 1) {
          await varai(tab, 'track', 'product_clicked', { productId: `${index}-${time}` })
        }
      }),
    )
    const session = await sessionOf(tabs[0])
    expect(await sessionOf(tabs[1])).toBe(session)
    await vi.waitFor(async () => expect(await published(session)).toHaveLength(2 * clicks + 2), patience)
    expect(gate.eventIds()).toHaveLength(2 * clicks + 2)
    expect(new Set(gate.eventIds()).size).toBe(2 * clicks + 2)
    expect(gate.mostAtOnce()).toBe(1)
  })

  test('before a choice and after a refusal nothing is stored or sent; what is granted counts from then on', async () => {
    const page = await openPage('')
    await page.click('#recommended')
    await varai(page, 'track', 'ai_session_started')
    expect(await keptBy(page)).toEqual({})
    await varai(page, 'consent', 'refused')
    await page.click('#try-on')
    expect(await sessionOf(page)).toBeUndefined()
    expect(await keptBy(page)).toEqual({ 'varai.consent': 'refused' })
    await varai(page, 'consent', 'research', { proof: 'text 2026-01, settings' })
    const session = await sessionOf(page)
    await vi.waitFor(async () => {
      const events = await published(session)
      expect(namesOf(events)).toEqual(['consent_changed', 'product_viewed'])
    }, patience)
    const sent = gate.posts.flatMap(({ events }) => events.map(({ event }) => event))
    expect(sent).toEqual(['consent_changed', 'product_viewed'])
  })

  test('withdrawn: what waits is dropped in all tabs, and nothing but the withdrawal is told', async () => {
    const page = await openPage('')
    const other = await openPage('')
    await varai(page, 'consent', 'enhanced')
    const session = await sessionOf(page)
    await vi.waitFor(() => expect(gate.posts.map(({ status }) => status)).toContain(200), patience)
    await vi.waitFor(
      async () => expect(Object.keys(await keptBy(page)).sort()).toEqual(['varai.consent', 'varai.session']),
      patience,
    )
    const before = gate.posts.length
    await context.setOffline(true)
    await varai(page, 'track', 'product_clicked', { productId: 'regretted' })
    await varai(other, 'track', 'product_clicked', { productId: 'regretted' })
    expect(Object.keys(await keptBy(page)).filter((key) => key.startsWith('varai.q.'))).toHaveLength(2)
    await varai(other, 'consent', 'refused')
    await varai(page, 'track', 'product_clicked', { productId: 'regretted' })
    await context.setOffline(false)
    await vi.waitFor(async () => expect(await keptBy(page)).toEqual({ 'varai.consent': 'refused' }), patience)
    const told = gate.posts.slice(before)
    expect(told.flatMap(({ events }) => events)).toMatchObject([{ event: 'consent_changed', sessionId: session }])
    expect(told[0]?.body).toContain('"collection":false')
    expect(JSON.stringify(gate.posts)).not.toContain('regretted')
    await vi.waitFor(async () => {
      const consents = (await published(session)).filter((event) => event['eventName'] === 'consent_changed')
      const levels = consents.map((event) => [event['level'], event['purposes']])
      expect(levels).toHaveLength(2)
      expect(levels).toContainEqual(['enhanced', { collection: true, personalisation: true, research: false }])
      expect(levels).toContainEqual(['basic', { collection: false, personalisation: false, research: false }])
    }, patience)
  })

  test.each([
    ['slow', -1],
    ['fast', 1],
  ])('a clock that is a year %s', async (_, years) => {
    const page = await context.newPage()
    await page.clock.install({ time: Date.now() + years * 365 * 24 * 3_600_000 })
    const before = Date.now()
    await page.goto(`${shop.origin}/page?consent=basic`)
    await page.waitForFunction(() => Reflect.get(globalThis, 'varai')?.v !== undefined)
    await varai(page, 'track', 'ai_session_started')
    const session = await sessionOf(page)
    await vi.waitFor(async () => {
      const events = await published(session)
      expect(namesOf(events)).toEqual(['ai_session_started', 'product_viewed'])
      for (const { platformAt, ingestedAt } of events) {
        expect(platformAt).toBeGreaterThanOrEqual(before - 1_000)
        expect(platformAt).toBeLessThanOrEqual(Number(ingestedAt))
      }
    }, patience)
    expect(gate.posts[0]?.body).toContain(
      `"sentAt":"${new Date(before + years * 365 * 24 * 3_600_000).getUTCFullYear()}`,
    )
  })

  test('without localStorage the page remembers by itself', async () => {
    await context.addInitScript(() => {
      Object.defineProperty(globalThis, 'localStorage', {
        get() {
          throw new Error('The operation is insecure.')
        },
      })
    })
    const page = await openPage()
    await varai(page, 'track', 'product_clicked', { productId: 'p-3' })
    const session = await sessionOf(page)
    await vi.waitFor(
      async () => expect(namesOf(await published(session))).toEqual(['product_clicked', 'product_viewed']),
      patience,
    )
    expect(await violationsOf(page)).toEqual([])
  })

  test('the cart of a Shopify theme names the session and what was clicked, beside what is there', async () => {
    shop.cart.attributes = { gift: 'yes', recommendation_id_1: 'theirs' }
    const page = await openPage('consent=basic&shopify')
    await page.click('#recommended')
    const session = await sessionOf(page)
    const attributes = {
      gift: 'yes',
      recommendation_id_1: 'theirs',
      recommendation_id_2: 'rec-1',
      ai_session_id: session,
    }
    await vi.waitFor(() => expect(shop.cart.attributes).toEqual(attributes), patience)
    // Said already: nothing is written.
    const { updates } = shop.cart
    await page.click('#recommended')
    await vi.waitFor(async () => expect(await published(session)).toHaveLength(3), patience)
    expect(shop.cart.updates).toBe(updates)
    await varai(page, 'consent', 'refused')
    await vi.waitFor(() => expect(shop.cart.attributes).toEqual({ gift: 'yes' }), patience)
    expect(await violationsOf(page)).toEqual([])
  })
})
