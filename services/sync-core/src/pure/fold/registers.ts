import type { Moment } from '../moment.ts'
import { type Plain, type PlainObject, same, textOf, toPlain } from '../plain.ts'
import type { RecordKind } from '../record-kind.ts'
import { type Stating, said } from '../statement.ts'
import { impersonal } from './impersonal.ts'

/** Values of fields of which the newest statement wins. A field is in both or in neither; null is a cleared value. */
export type RegisterStates = {
  readonly values: PlainObject
  /** When the value was last stated. */
  readonly stated: Readonly<Record<string, Moment>>
}

export const noRegisters: RegisterStates = { values: {}, stated: {} }

/**
 * Takes over what statements say newer than what is held; the same object when that is nothing. `statements` are in
 * ascending order of their moments.
 *
 * Two different values of one moment (an event that was translated anew, or derived twice) are settled by their text,
 * so that also then the result depends on no order.
 */
export function foldRegisters(held: RegisterStates, statements: readonly Stating[], kind: RecordKind): RegisterStates {
  let open = kind.registers
  let values: Record<string, Plain> | undefined
  let stated: Record<string, Moment> | undefined
  for (let at = statements.length - 1; at >= 0 && open.length > 0; at -= 1) {
    const statement = statements[at]
    if (statement === undefined) break
    const { moment } = statement
    const olderFollows = statements[at - 1]?.moment !== moment
    const silent: string[] = []
    for (const field of open) {
      const value = said(statement, field)
      const newest = (stated ?? held.stated)[field]
      if (value !== undefined && (newest === undefined || moment >= newest)) {
        const plain = toPlain(value)
        if (moment !== newest || settles(kind, field, plain, (values ?? held.values)[field])) {
          values ??= { ...held.values }
          stated ??= { ...held.stated }
          values[field] = plain
          stated[field] = moment
        }
      }
      if (value === undefined || !olderFollows) silent.push(field)
    }
    open = silent
  }
  return values === undefined || stated === undefined ? held : { values, stated }
}

/** Settles a tie of moments of a field or of an element of a list. Where what is personal may go, first by what stays. */
export function settles(kind: RecordKind, field: string, value: Plain, held: Plain | undefined): boolean {
  if (held === undefined || !kind.outlivesPersons || same(value, held)) return wins(value, held)
  const [stays, staysHeld] = [impersonal(kind, field, value) ?? null, impersonal(kind, field, held) ?? null]
  return same(stays, staysHeld) ? wins(value, held) : wins(stays, staysHeld)
}

/** Settles a tie of moments. */
export function wins(value: Plain, held: Plain | undefined): boolean {
  return held === undefined || (!same(value, held) && textOf(value) > textOf(held))
}
