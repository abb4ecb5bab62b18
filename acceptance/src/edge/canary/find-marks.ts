import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** How a text may lie in bytes: as it is, in the three alignments of base64, as hexadecimal digits, in UTF-16. */
export function codingsOf(text: string): Buffer[] {
  const inBase64 = [0, 1, 2].map((shift) => {
    const coded = Buffer.from('_'.repeat(shift) + text).toString('base64')
    // What is mixed with the neighbours is left off.
    return coded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + text.length) * 4) / 3))
  })
  const hex = Buffer.from(text).toString('hex')
  return [
    ...[text, ...inBase64, hex, hex.toUpperCase()].map((coded) => Buffer.from(coded, 'latin1')),
    Buffer.from(text, 'utf16le'),
  ]
}

/** What is looked for, by name. */
export type Marks = Readonly<Record<string, readonly Buffer[]>>
/** Names of what is in some bytes. */
export const marksIn = (bytes: Buffer, marks: Marks): string[] =>
  Object.keys(marks).filter((name) => marks[name]?.some((coded) => bytes.includes(coded)))

/** One place that was searched: how much of it there is, and where what was found. */
export type Searched = { readonly place: string; readonly bytes: number; readonly found: ReadonlyMap<string, number> }

/** Searches pieces of bytes, each by itself. */
export async function searchPieces(
  place: string,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  marks: Marks,
): Promise<Searched> {
  const found = new Map<string, number>()
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    for (const name of marksIn(piece, marks)) found.set(name, (found.get(name) ?? 0) + 1)
  }
  return { place, bytes, found }
}

/** Every file under a folder, as it lies on the disk now; none where there is no such folder. */
export const searchFolder = (place: string, folder: string, marks: Marks): Promise<Searched> =>
  searchPieces(place, piecesUnder(folder, longestIn(marks)), marks)

const longestIn = (marks: Marks): number =>
  Math.max(...Object.values(marks).flatMap((all) => all.map(({ length }) => length)))

/** Pieces of a file overlap by as much as the longest mark, so that none is cut in two. */
async function* piecesUnder(folder: string, overlap: number): AsyncGenerator<Buffer> {
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const path = join(folder, name)
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    )
    if (!isFile) continue
    let before = Buffer.alloc(0)
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const piece = Buffer.concat([before, Buffer.from(chunk)])
      yield piece
      before = piece.subarray(-overlap)
    }
  }
}
