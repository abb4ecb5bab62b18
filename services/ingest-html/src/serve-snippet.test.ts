import { createHash } from 'node:crypto'
import { get } from 'node:http'
import { loadSnippet } from '@varai/snippet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApi } from './test-api.ts'

let api: Awaited<ReturnType<typeof startApi>>
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.close())

test('pages of any origin may load the snippet, keep it for an hour and pin it', async () => {
  const response = await fetch(`${api.url}/varai.js`)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': expect.stringContaining('max-age=3600'),
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  })
  const code = Buffer.from(await response.arrayBuffer())
  expect(`sha384-${createHash('sha384').update(code).digest('base64')}`).toBe(loadSnippet().integrity)
})

test('compressed for those who can read it, and not sent again', async () => {
  const bytesOf = (headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; encoding: string | undefined; bytes: number }>((resolve) => {
      get(`${api.url}/varai.js`, { headers }, (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('end', () =>
          resolve({ status: response.statusCode, encoding: response.headers['content-encoding'], bytes }),
        )
      })
    })
  const { code, gzipped, integrity } = loadSnippet()
  expect(await bytesOf({ 'accept-encoding': 'gzip, br' })).toEqual({
    ...{ status: 200, encoding: 'gzip', bytes: gzipped.length },
  })
  expect(await bytesOf({})).toEqual({ status: 200, encoding: undefined, bytes: code.length })
  expect(await bytesOf({ 'if-none-match': `W/"${integrity}"` })).toMatchObject({ status: 304, bytes: 0 })
})
