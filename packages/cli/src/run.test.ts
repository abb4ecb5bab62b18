import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runWords } from './test-terminal.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varai-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a command line that is not one ends with 2 and says why', () => {
  test.each([
    [['nonsense'], /unknown command/],
    [['topics', '--wrong'], /unknown option/],
    [['get', 'shoe', '1'], /Allowed choices are order, product, customer, user/],
    [['get', 'order'], /missing required argument 'id'/],
    [['tail', '--lane', 'fast'], /fast is none of high, medium, low/],
    [['tail', '--event', 'order_created,order_eaten'], /order_eaten is none of/],
    [['tail', '--limit', '0'], /whole number above 0/],
    [['dlq', 'list', '--limit', '1e3'], /whole number above 0/],
    [['topics', '--brokers', 'nowhere'], /KAFKA_BROKERS/],
    [['--brokers', 'nowhere', 'topics'], /KAFKA_BROKERS/],
    [['stores'], /Usage: varai stores/],
    [[], /Usage: varai/],
  ])('%j', async (words, why) => {
    const ended = await runWords(words)
    expect(ended.stderr).toMatch(why)
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

test('help goes to stdout and is no failure', async () => {
  const ended = await runWords(['tail', '--help'])
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect(ended.stdout).toContain('--show-personal')
})

test('a broker that is away: one line, exit code 1', async () => {
  const nobody = ['--brokers', '127.0.0.1:9', '--registry', 'http://127.0.0.1:9']
  const ended = await runWords([...nobody, 'topics'])
  expect(ended).toMatchObject({ exitCode: 1, stdout: '' })
  expect(ended.stderr).toMatch(/^varai: .*127\.0\.0\.1:9.*\n$/)
})

describe('stores check', () => {
  const check = async (text: string, ...more: string[]) => {
    await writeFile(join(folder, 'stores.yaml'), text)
    return runWords(['stores', 'check', ...more], { SHOP_SECRET: 'x' }, folder)
  }
  const good = `merchants:
  - id: acme
    name: Acme
    stores:
      - platform: shopify
        id: acme.myshopify.com
        currency: EUR
        webhookSecrets: { current: { env: SHOP_SECRET } }
`

  test('a good file lists its stores', async () => {
    expect(await check(good)).toEqual({
      exitCode: 0,
      stdout: 'MERCHANT  PLATFORM  STORE               CURRENCY\nacme      shopify   acme.myshopify.com  EUR\n',
      stderr: '',
    })
  })

  test('each error is one line with file and line; no secret is printed', async () => {
    const ended = await check(good.replace('EUR', 'Euros').replace('SHOP_SECRET', 'ABSENT'))
    expect(ended.exitCode).toBe(1)
    expect(ended.stdout).toMatch(/^stores\.yaml:7: currency .*\nstores\.yaml:8: .*ABSENT.*\n$/)
  })

  test('secrets that are not here can be left out; JSON holds no secret', async () => {
    const ended = await check(good.replace('SHOP_SECRET', 'ABSENT'), '--no-secrets', '--json')
    expect(ended.exitCode).toBe(0)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ok: true,
      stores: [{ id: 'acme.myshopify.com', currency: 'EUR' }],
    })
    expect(JSON.stringify(await check(good, '--json'))).not.toContain('webhookSecrets')
  })

  test('no file: one line', async () => {
    const ended = await runWords(['stores', 'check', 'none.yaml'], {}, folder)
    expect(ended).toEqual({ exitCode: 1, stdout: '', stderr: 'varai: none.yaml cannot be read: ENOENT\n' })
  })
})
