import { createServer } from 'node:http'
import { urlOf } from '@varai/runtime'
import { expect, onTestFinished, test } from 'vitest'
import { createAnswerStatus } from './status.ts'

async function serve(count: () => Promise<number>): Promise<string> {
  const server = createServer(createAnswerStatus({ count }, 10))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return urlOf(server.address())
}

test('it says how many rows wait and how many are released', async () => {
  const answer = await fetch(await serve(async () => 3))
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { service: 'ml-collector', collecting: true, k: 10, rows: { waiting: 3, released: 3 } },
  ])
})

test('without its database it says so; all else is refused', async () => {
  const url = await serve(() => Promise.reject(new Error('away')))
  expect((await fetch(url)).status).toBe(503)
  expect((await fetch(`${url}/rows`)).status).toBe(404)
  const posted = await fetch(url, { method: 'POST', body: 'x' })
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})
