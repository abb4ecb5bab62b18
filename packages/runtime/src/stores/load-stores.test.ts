import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { loadStores, StoresFileError, type StoresRegistry } from './load-stores.ts'
import { acceptedSecrets, storeRef } from './store.ts'

let folder: string
let open: StoresRegistry[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'varai-stores-'))
  open = []
})
afterEach(() => {
  for (const registry of open) registry.close()
  rmSync(folder, { recursive: true })
})

const fileOf = (...stores: string[]) => `merchants:\n  - id: demo\n    stores: [${stores.join(', ')}]\n`
const shopify = (name: string, more = '') =>
  `{ platform: shopify, id: ${name}.myshopify.com, currency: EUR, webhookSecrets: { current: { env: SECRET } } ${more} }`

async function loaded(path: string, options: { env?: Record<string, string>; pollMs?: number } = {}) {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  const metrics = createMetrics('test')
  const registry = await loadStores({
    path,
    env: options.env ?? { SECRET: 's' },
    log,
    metrics,
    quietMs: 10,
    pollMs: options.pollMs ?? 60_000, // long: these tests are about being told, unless they say otherwise
  })
  open.push(registry)
  const ids = () => registry.all().map((store) => store.id.split('.')[0])
  const messages = () => lines.map((line) => line['msg'])
  return { registry, metrics, ids, lines, messages }
}

const at = (name: string, content: string) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('a store is found by what the platform calls it, in any spelling', async () => {
  const woo = '{ platform: woocommerce, id: https://shop.example, currency: EUR }'
  const { registry } = await loaded(at('stores.yaml', fileOf(shopify('one'), woo)))
  const store = registry.find('shopify', 'ONE.MyShopify.com')
  expect(store && storeRef(store)).toEqual({ merchantId: 'demo', platform: 'shopify', storeId: 'one.myshopify.com' })
  expect(store && acceptedSecrets(store)).toEqual(['s'])
  expect(registry.find('woocommerce', 'https://Shop.Example/')?.id).toBe('https://shop.example')
  expect(registry.find('woocommerce', 'one.myshopify.com')).toBeUndefined()
  expect(registry.of('woocommerce').map((of) => of.id)).toEqual(['https://shop.example'])
})

test('without a usable file there is no start; every error is told with file and line', async () => {
  const path = at('stores.yaml', fileOf(shopify('one', ', zone: 1'), shopify('two', ', zone: 2')))
  const refused = loaded(path)
  await expect(refused).rejects.toBeInstanceOf(StoresFileError)
  await expect(refused).rejects.toThrow(/stores\.yaml:3: zone is not a known key.*\n.*stores\.yaml:3: zone/)
  await expect(loaded(join(folder, 'none.yaml'))).rejects.toThrow('cannot be read: ENOENT')
})

test('a file written in place is taken over, and listeners hear what changed', async () => {
  const path = at('stores.yaml', fileOf(shopify('one'), shopify('two')))
  const { registry, ids } = await loaded(path)
  const heard = vi.fn()
  registry.onChange(heard)
  writeFileSync(path, fileOf(shopify('two', ', name: Two'), shopify('three')))
  await expect.poll(ids).toEqual(['two', 'three'])
  expect(heard).toHaveBeenCalledExactlyOnceWith({
    added: [expect.objectContaining({ id: 'three.myshopify.com' })],
    changed: [expect.objectContaining({ id: 'two.myshopify.com', name: 'Two' })],
    removed: [expect.objectContaining({ id: 'one.myshopify.com' })],
  })
})

test('a file that is replaced, as editors do, is taken over again and again', async () => {
  const path = at('stores.yaml', fileOf(shopify('one')))
  const { ids } = await loaded(path)
  for (const name of ['two', 'three', 'four']) {
    renameSync(at('.stores.tmp', fileOf(shopify(name))), path)
    await expect.poll(ids).toEqual([name])
  }
})

test('a mounted config map, whose folder is swapped by a symlink, is taken over', async () => {
  const version = (name: string, content: string) => {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'stores.yaml'), content)
    symlinkSync(name, join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  }
  version('..2026_1', fileOf(shopify('one')))
  symlinkSync('..data/stores.yaml', join(folder, 'stores.yaml'))
  const { ids } = await loaded(join(folder, 'stores.yaml'))
  version('..2026_2', fileOf(shopify('two')))
  await expect.poll(ids).toEqual(['two'])
})

test('a bad newer file is ignored, and that is visible, until a good one comes', async () => {
  const path = at('stores.yaml', fileOf(shopify('one')))
  const { registry, metrics, ids, lines, messages } = await loaded(path)
  expect(registry.check()).toBeUndefined()
  writeFileSync(path, 'merchants: 3\n')
  await expect.poll(messages).toContain('stores-file.ignored')
  expect(lines.at(-1)).toMatchObject({ errors: [`${path}:1: merchants is not a list; expected a list of merchants`] })
  expect(ids()).toEqual(['one'])
  expect(registry.check()).toMatch(/^a bad newer stores file is ignored: .*stores\.yaml:1: /)
  expect((await metrics.render()).text).toContain('varai_test_stores_file_ok{service="test"} 0')
  rmSync(path)
  await expect.poll(() => registry.check()).toMatch(/cannot be read/)
  writeFileSync(path, fileOf(shopify('one'), shopify('two')))
  await expect.poll(ids).toEqual(['one', 'two'])
  expect(registry.check()).toBeUndefined()
  const { text } = await metrics.render()
  expect(text).toContain('varai_test_stores_file_ok{service="test"} 1')
  expect(text).toContain('varai_test_stores{platform="shopify",service="test"} 2')
})

test('a secret that is rotated in its file is taken over', async () => {
  const secretFile = at('secret', 'old\n')
  const { registry } = await loaded(at('stores.yaml', fileOf(shopify('one'))), { env: { SECRET_FILE: secretFile } })
  const secrets = () => registry.of('shopify').flatMap(acceptedSecrets)
  expect(secrets()).toEqual(['old'])
  writeFileSync(secretFile, 'new\n')
  await expect.poll(secrets).toEqual(['new'])
})

test('without being told of a change, the poll finds it', async () => {
  // The folder that is watched sees nothing: the change happens behind a symlink.
  mkdirSync(join(folder, 'elsewhere'))
  const target = at('elsewhere/stores.yaml', fileOf(shopify('one')))
  symlinkSync(target, join(folder, 'stores.yaml'))
  const { ids } = await loaded(join(folder, 'stores.yaml'), { pollMs: 20 })
  writeFileSync(target, fileOf(shopify('two')))
  await expect.poll(ids).toEqual(['two'])
})

test('a listener that throws does not keep the others from hearing', async () => {
  const path = at('stores.yaml', fileOf(shopify('one')))
  const { registry, messages } = await loaded(path)
  const heard = vi.fn()
  registry.onChange(() => {
    throw new Error('listener')
  })
  registry.onChange(heard)
  writeFileSync(path, fileOf(shopify('two')))
  await expect.poll(() => heard.mock.calls.length).toBe(1)
  expect(messages()).toContain('stores-file.listener-failed')
})

test('a literal secret in production is warned about', async () => {
  const literal =
    '{ platform: shopify, id: a.myshopify.com, currency: EUR, webhookSecrets: { current: { literal: x } } }'
  const { lines } = await loaded(at('stores.yaml', fileOf(literal)), { env: { NODE_ENV: 'production' } })
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'stores-file.warnings', warnings: [expect.stringMatching(/:3: /)] },
  ])
})
