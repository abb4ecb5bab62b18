import type { RecordOf } from '@varai/schemas'
import { printable } from './printable.ts'

const longest = 60
/** Follows from the other fields, or says why they are as they are. */
const silent = new Set(['provenance', 'conflicts'])

/** One line for a terminal: when, which document, its version, what became of which field, by which rule and events. */
export function changeLine(change: RecordOf<'DocumentChanged'>): string {
  const { at, collection, documentId, version, kind, fields, causes, rule } = change
  const [before, after] = [objectIn(change.before), objectIn(change.after)]
  const differences = fields
    .filter((field) => !silent.has(field))
    .map((field) => {
      const was = kind === 'created' || change.before === null ? '' : `${shown(before[field])} → `
      return change.after === null ? field : `${field}: ${was}${shown(after[field])}`
    })
  const parts = [
    new Date(at).toISOString(),
    'change',
    `${collection} ${documentId}`,
    `version ${version} ${kind}`,
    differences.join(', '),
    change.afterIs === 'whole' ? '' : `(${change.afterIs})`,
    rule === null ? '' : `by ${rule}`,
    causes.length === 0 ? '' : `because of ${causes.join(', ')}`,
  ]
  return printable(parts.filter((part) => part !== '').join('  '))
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'empty'
  const written = JSON.stringify(value)
  return written.length > longest ? `${written.slice(0, longest)}…` : written
}

function objectIn(text: string | null): Readonly<Record<string, unknown>> {
  const value: unknown = text === null ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
