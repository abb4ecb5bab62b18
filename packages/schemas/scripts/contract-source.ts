import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const packageRoot = join(import.meta.dirname, '..')

export type RecordSchema = {
  type: 'record'
  name: string
  namespace: string
  doc: string
  fields: { name: string; doc?: string; type: unknown }[]
}

/** The schemas of contract/, self-contained: the envelope stands at the head of each event record. */
export function readContract(): Map<string, RecordSchema> {
  const folder = join(packageRoot, 'contract')
  const read = (file: string) =>
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as RecordSchema & { envelope?: boolean }
  const envelope = read('Envelope.avsc')
  const schemas = new Map<string, RecordSchema>([['Envelope', envelope]])
  for (const file of readdirSync(folder).sort()) {
    const { envelope: opens, ...schema } = read(file)
    if (`${schema.name}.avsc` !== file) throw new Error(`${file} holds the record ${schema.name}`)
    schemas.set(schema.name, opens === true ? { ...schema, fields: [...envelope.fields, ...schema.fields] } : schema)
  }
  return schemas
}

/** All released versions of a record, oldest first, by label such as `OrderStated v1`. */
export function readHistory(name: string): Map<string, unknown> {
  const folder = join(packageRoot, 'history', name)
  const versions = readdirSync(folder)
    .map((file) => Number(/^(\d+)\.avsc$/.exec(file)?.[1]))
    .sort((a, b) => a - b)
  return new Map(
    versions.map((version) => [
      `${name} v${version}`,
      JSON.parse(readFileSync(join(folder, `${version}.avsc`), 'utf8')) as unknown,
    ]),
  )
}
