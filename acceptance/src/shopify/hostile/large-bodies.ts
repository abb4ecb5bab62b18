import { describe, type Request, send, tally } from '../../system/send.ts'
import type { Attack, Siege } from './siege.ts'

const megabyte = 1_000_000
const piece = Buffer.alloc(64 * 1024, 0x20)

/** So many bytes, made as they are sent. */
function* pieces(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length))
}

const headersOf = ({ order }: Siege) => order().headers
const claimed = (siege: Siege, bytes: number): Request => ({
  headers: { ...headersOf(siege), 'Content-Length': String(bytes) },
  body: pieces(bytes),
})
const chunked = (siege: Siege, bytes: number): Request => ({ headers: headersOf(siege), body: pieces(bytes) })

const atOnce = (count: number, make: (siege: Siege) => Request) => async (siege: Siege) =>
  tally(await Promise.all(Array.from({ length: count }, async () => describe(await send(siege.url(), make(siege))))))

/** None of them is ever held whole, whoever signed it. */
export const largeBodies: readonly Attack[] = [
  { name: '20 MB, claimed', wanted: '1 × 413 too large', run: atOnce(1, (siege) => claimed(siege, 20 * megabyte)) },
  { name: '20 MB in chunks', wanted: '1 × 413 too large', run: atOnce(1, (siege) => chunked(siege, 20 * megabyte)) },
  {
    name: '32 at once of 20 MB in chunks',
    wanted: /^\d+ × (413 too large|429 overloaded)(, \d+ × (413 too large|429 overloaded))?$/,
    run: atOnce(32, (siege) => chunked(siege, 20 * megabyte)),
  },
  {
    name: '64 at once of 9 MB, unsigned',
    wanted: /^\d+ × (401 bad signature|429 overloaded)(, \d+ × (401 bad signature|429 overloaded))?$/,
    run: atOnce(64, (siege) => chunked(siege, 9 * megabyte)),
  },
]
