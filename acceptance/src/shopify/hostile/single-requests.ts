import { gzipSync } from 'node:zlib'
import type { Signed } from '@varai/simulator'
import { describe, type Request, send } from '../../system/send.ts'
import { stores } from '../stores.ts'
import type { Attack, Siege } from './siege.ts'

const single = (name: string, wanted: string | RegExp, make: (siege: Siege) => Request): Attack => ({
  name,
  wanted,
  run: async (siege) => describe(await send(siege.url(), make(siege))),
})

const without = ({ headers, body }: Signed, name: string): Request => ({
  headers: Object.fromEntries(Object.entries(headers).filter(([known]) => known !== name)),
  body,
})

const withHeaders = ({ headers, body }: Signed, changes: Record<string, string>): Request => ({
  headers: { ...headers, ...changes },
  body,
})

const nested = (depth: number) => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`)
const notUtf8 = (text: string) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xc3, 0x28, 0x7d])])
const signature = 'X-Shopify-Hmac-Sha256'

/** One request each; those that a holder of the secret signed are kept, the others leave nothing but a counter. */
export const singleRequests: readonly Attack[] = [
  single('no signature', '401 bad signature', ({ order }) => without(order(), signature)),
  single('signature that is none', '401 bad signature', ({ order }) => withHeaders(order(), { [signature]: '%%%' })),
  single('signed with a guessed secret', '401 bad signature', ({ order }) => order({ secret: 'guessed' })),
  single("signature of another delivery's body", '401 bad signature', ({ order }) =>
    withHeaders(order(), { [signature]: order().headers[signature] ?? '' }),
  ),
  single("signed by another store's secret", '401 bad signature', ({ order }) =>
    order({ secret: stores.crowd.secret }),
  ),
  single('no delivery id', '400 X-Shopify-Webhook-Id is missing', ({ order }) =>
    without(order(), 'X-Shopify-Webhook-Id'),
  ),
  single('no topic', '400 X-Shopify-Topic is missing', ({ order }) => without(order(), 'X-Shopify-Topic')),
  single('no store', '400 X-Shopify-Shop-Domain is missing', ({ order }) => without(order(), 'X-Shopify-Shop-Domain')),
  single('a store that is not ours', '404 unknown store', ({ order }) =>
    withHeaders(order(), { 'X-Shopify-Shop-Domain': 'nobody.myshopify.com' }),
  ),
  single('another method', '405 method not allowed', ({ order }) => ({ ...order(), method: 'PUT' })),
  single('unknown topic', '200 kept: unknown topic', ({ order }) => order({ topic: 'orders/burnt' })),
  single('truncated, then signed', '200 kept: not JSON', ({ order }) =>
    order({ body: (text) => Buffer.from(text.slice(0, text.length / 2)) }),
  ),
  single('empty', '200 kept: the body is empty', ({ order }) => order({ body: () => Buffer.alloc(0) })),
  single('not UTF-8', '200 kept: not UTF-8', ({ order }) => order({ body: notUtf8 })),
  single('nested 100,000 deep', /^200 kept: the body nests deeper than \d+ levels$/, ({ order }) =>
    order({ body: () => nested(100_000) }),
  ),
  single('one key twice', '200 kept: one key stands twice in an object', ({ order }) =>
    order({ body: (text) => Buffer.from(text.replace('{', '{"id":1,')) }),
  ),
  single('100 MB of zeros in 100 KB of gzip', '200 kept: not UTF-8', ({ order }) =>
    withHeaders(order({ body: () => gzipSync(Buffer.alloc(100_000_000)) }), { 'Content-Encoding': 'gzip' }),
  ),
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=x',
  ].map(
    // What is signed is what counts: the bytes are read as JSON whatever they are called.
    (type) => single(`called ${type}`, '200', ({ order }) => withHeaders(order(), { 'Content-Type': type })),
  ),
]
