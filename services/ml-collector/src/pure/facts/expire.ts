import { consentLevelOf } from '@varai/privacy'
import type { Fact, Plain } from './fact.ts'

/** Of a session at `basic`: what its row says, by whom it was and what was allowed. */
const keptOf = {
  basic: ['level', 'choice', 'region', 'owner', 'deleted', 'ended', 'purchased', 'click', 'try_on'],
  /** Of those who withdrew there is no row, nor is there one of it when they come again. */
  gone: ['level', 'choice', 'region', 'owner', 'deleted'],
} as const

/**
 * What is left of a session, or of a recommendation made in it, once its time is over: no measurement, no time by a
 * clock of the shop, nothing of a conversation, no product. Rows at `basic` are the same before and after. The same
 * object when nothing of it goes.
 */
export function expire(fact: Fact, allowed: keyof typeof keptOf): Fact {
  if (fact.kind !== 'session' && fact.kind !== 'recommendation') return fact
  const kept: readonly string[] = keptOf[allowed]
  const values: Record<string, { value: Plain; moment: string }> = {}
  for (const [name, held] of Object.entries(fact.values)) {
    if (kept.includes(name)) values[name] = held
    else if (allowed === 'basic' && name === 'face') values['face'] = { ...held, value: shapeOf(held.value) }
    // There was one: that is what its row stands for.
    else if (allowed === 'basic' && name === 'items') values['items'] = { ...held, value: 0 }
    else if (allowed === 'basic' && name === 'completed') values['ended'] ??= { ...held, value: true }
  }
  const left = {
    ...fact,
    values,
    // So many recommendations there were.
    names: fact.kind === 'session' ? fact.names.filter((name) => !name.startsWith('r_')) : fact.names,
    depends: fact.depends.filter((name) => !name.startsWith('p_')),
  }
  return textOf(left) === textOf(fact) ? fact : left
}

/** Whether a session says of itself that it is at `basic`, and holds more than may be kept of it for good. */
export const willExpire = (fact: Fact): boolean =>
  fact.kind === 'session' && isBasic(fact) && expire(fact, 'basic') !== fact

/** Whether somebody chose `basic` here, by which sessions may be over that say more of themselves. */
export const choosesBasic = ({ values }: Fact): boolean => values['choice']?.value === 'basic'

function isBasic({ values }: Fact): boolean {
  const face = fieldsOf(values['face']?.value)
  return [values['level']?.value, ...('level' in face ? [face['level']] : [])].some(
    (level) => consentLevelOf(level) === 'basic',
  )
}

function shapeOf(face: Plain): Plain {
  const { faceShape = null, level } = fieldsOf(face)
  return { faceShape, ...(level !== undefined && { level }) }
}

const fieldsOf = (of: Plain | undefined): Readonly<Record<string, Plain>> =>
  typeof of === 'object' && of !== null ? of : {}

const textOf = ({ values, names, depends }: Fact): string =>
  JSON.stringify([Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)), names, depends])
