import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { runWords } from '../test-terminal.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** A service that answers thus; returns its address, and what it was asked. */
async function answering(status: number, text: string) {
  const asked: string[] = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(status).end(text)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}
const march = ['report', 'orders', '--from', '2026-03-01', '--to', '2026-03-31']
const row = {
  ...{ day: '2026-03-14', merchant: 'optik', platform: 'shopify', store: 'north', currency: 'EUR', orders: 2 },
  ...{ cancelled: 0, refunded: 1, withoutTotal: 0, gross: '10.00', refunds: '2.00', net: '8.00', taxes: null },
}

test('a table for people', async () => {
  const { url, asked } = await answering(200, JSON.stringify({ undated: 3, rows: [row] }))
  const { exitCode, stdout } = await runWords([
    ...march,
    '--timezone',
    'Europe/Vienna',
    '--store',
    'north',
    '--reporting',
    url,
  ])
  expect(exitCode).toBe(0)
  expect(asked).toEqual([
    '/reports/orders?from=2026-03-01&to=2026-03-31&timezone=Europe%2FVienna&store=north&format=json',
  ])
  expect(stdout).toMatch(/2026-03-14 +optik +shopify +north +EUR +2 +0 +1 +10\.00 +2\.00 +8\.00 +– +– +–\n/)
  expect(stdout).toContain('and 3 orders')
})

test('CSV as it is, to its last line', async () => {
  const { url, asked } = await answering(200, 'day\r\n2026-03-14\r\n')
  const { stdout } = await runWords([...march, '--format', 'csv'], { VARAI_REPORTING_URL: url })
  expect(stdout).toBe('day\r\n2026-03-14\r\n')
  expect(asked[0]).toContain('format=csv')
})

test.each([
  [
    400,
    JSON.stringify({ error: 'bad request', problems: [{ parameter: 'to', problem: 'no such day' }] }),
    2,
    '--to: no such day',
  ],
  [503, JSON.stringify({ error: 'not every order has been read yet' }), 1, 'not every order has been read yet'],
  [502, '<html>', 1, '502'],
])('%s is told', async (status, text, exitCode, said) => {
  const { url } = await answering(status, text)
  const { stderr, ...ended } = await runWords([...march, '--reporting', url])
  expect(ended).toEqual({ exitCode, stdout: '' })
  expect(stderr).toContain(said)
})

test('where nobody answers, or nothing runs, one line says so', async () => {
  const away = await runWords([...march, '--reporting', 'http://127.0.0.1:1'])
  expect([away.exitCode, away.stderr]).toEqual([1, expect.stringContaining('does not answer at http://127.0.0.1:1')])
  const none = await runWords([...march, '--reporting', 'ftp://x'])
  expect(none.exitCode).toBe(2)
  const nothing = await runWords(['--run-file', '/nowhere/run.json', ...march])
  expect([nothing.exitCode, nothing.stderr]).toEqual([1, expect.stringContaining('--reporting')])
})
