import { readFixture } from '@varai/testkit'
import type { MagentoDocument, WooDocument } from './shelf.ts'

/** Their ids are small, so a parser with doubles reads them whole. A captured delivery is taken for its body. */
export function wooDocuments(file: string): WooDocument[] {
  const read = JSON.parse(readFixture('woocommerce', file).toString()) as
    | WooDocument
    | WooDocument[]
    | { body: WooDocument }
  if (Array.isArray(read)) return read
  return [hasBody(read) ? read.body : read]
}

const hasBody = (read: object): read is { body: WooDocument } => 'headers' in read && 'body' in read

/** The only one of a file that is no list. */
export function wooDocument(file: string): WooDocument {
  const [document] = wooDocuments(file)
  if (document === undefined) throw new Error(`${file} holds nothing`)
  return document
}

/** Of a file with several lists: the one of that name. */
export function listIn(file: string, name: string): WooDocument[] {
  const lists = JSON.parse(readFixture('woocommerce', file).toString()) as Readonly<Record<string, WooDocument[]>>
  return lists[name] ?? []
}

export const magentoFile = (file: string): MagentoDocument =>
  JSON.parse(readFixture('magento', file).toString()) as MagentoDocument

/** The rows of a search, also where another API wrapped its answer. */
export function magentoRows(file: string): MagentoDocument[] {
  const answer = magentoFile(file) as { items?: MagentoDocument[]; result?: { items?: MagentoDocument[] } }
  return answer.items ?? answer.result?.items ?? []
}
