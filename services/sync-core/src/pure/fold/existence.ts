import { type Moment, platformAtOf } from '../moment.ts'
import type { Statement } from '../statement.ts'
import type { Erasure } from './erasure.ts'

/** Whether the entity is there, from the newest sign of life and the newest deletion. */
export type Existence = {
  /** The oldest sign of life, of kinds that keep it. */
  readonly first?: Moment
  readonly live?: Moment
  readonly gone?: { readonly moment: Moment; readonly reason: string }
  /** The first deletion after which nothing brings the entity back, whatever its time. */
  readonly terminal?: Moment
  /** Until when what was stated of it is erased. */
  readonly erased?: Erasure
}

export function foldExistence(held: Existence, statements: readonly Statement[]): Existence {
  let { first, live, gone, terminal } = held
  for (const { kind, moment, says } of statements) {
    if (says.what === 'values') {
      if (live === undefined || moment > live) live = moment
      if (kind.keepsFirst && (first === undefined || moment < first)) first = moment
    } else if (says.what === 'deleted') {
      const { reason } = says
      if (gone === undefined || moment > gone.moment || (moment === gone.moment && reason > gone.reason)) {
        gone = { moment, reason }
      }
      if (says.terminal && (terminal === undefined || moment < terminal)) terminal = moment
    }
  }
  if (first === held.first && live === held.live && gone === held.gone && terminal === held.terminal) return held
  return {
    ...(first === undefined ? {} : { first }),
    ...(live === undefined ? {} : { live }),
    ...(gone === undefined ? {} : { gone }),
    ...(terminal === undefined ? {} : { terminal }),
    ...(held.erased === undefined ? {} : { erased: held.erased }),
  }
}

/** Ties of the store's time favour deletion. What was erased is there again when it is spoken of later. */
export function isDeleted({ live, gone, terminal, erased }: Existence): boolean {
  if (terminal !== undefined || (live === undefined && erased?.whole !== undefined)) return true
  return gone !== undefined && (live === undefined || platformAtOf(gone.moment) >= platformAtOf(live))
}

/** When the entity went (ms), for one that is deleted. */
export const deletedAt = ({ gone }: Existence): number | undefined => gone && platformAtOf(gone.moment)

/** Whether the entity is erased as a whole, and nothing was said of it since. */
export const isErased = ({ live, erased }: Existence): boolean => live === undefined && erased?.whole !== undefined
