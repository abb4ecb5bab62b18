import { read, type Statement, type Translation } from '@varai/ingest/pure'
import { globalId } from '../shopify-id.ts'

/**
 * `bulk_operations/finish`: an export that an app of the shop asked for has ended. It states nothing about the shop's
 * entities, and whoever started the export asks for its result by the id; so it is noted, and nothing else happens.
 */
export function translateBulkOperation(body: unknown): Translation<Statement[]> {
  const operation = read(body)
  const id = globalId(operation.text('admin_graphql_api_id'), 'BulkOperation')
  if (id === undefined) operation.fail('admin_graphql_api_id', 'names no bulk operation')
  const status = operation.text('status')
  const noted = operation.result<Statement[]>([])
  return noted.ok ? { ...noted, note: `bulk operation ${id}: ${status.slice(0, 40)}` } : noted
}
