import { canonicalDecimal } from '@varai/schemas'

/** How many digits the point moves to the right from a unit to millimetres. */
const shifts: Readonly<Record<string, number>> = { mm: 0, millimeters: 0, millimetres: 0, cm: 1, centimeters: 1, m: 3 }

/**
 * A size as people and apps write it ("52", "52 mm", "5,2 cm", a dimension metafield `{"value":52.0,"unit":"mm"}`) →
 * decimal text in millimetres. Undefined for anything else: a range, another unit, nothing. Without a unit it is mm.
 */
export function millimetres(text: string): string | undefined {
  const [value, unit] = dimension(text) ?? measured(text) ?? []
  const shift = unit === undefined ? undefined : shifts[unit.toLowerCase()]
  if (value === undefined || shift === undefined) return undefined
  const size = canonicalDecimal(pointMoved(value, shift))
  return size === undefined || size === '0' || size.startsWith('-') ? undefined : size
}

function measured(text: string): [value: string, unit: string] | undefined {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  return match?.[1] === undefined ? undefined : [match[1].replace(',', '.'), match[2] || 'mm']
}

function dimension(text: string): [value: string, unit: string] | undefined {
  const match = /^\s*\{.*\}\s*$/s.test(text) ? text : undefined
  const value = match && /"value"\s*:\s*"?(\d+(?:\.\d+)?)"?\s*[,}]/.exec(match)?.[1]
  const unit = match && /"unit"\s*:\s*"([A-Za-z]+)"/.exec(match)?.[1]
  return value && unit ? [value, unit] : undefined
}

function pointMoved(value: string, digits: number): string {
  const [whole = '', fraction = ''] = value.split('.')
  const padded = fraction.padEnd(digits, '0')
  return `${whole}${padded.slice(0, digits)}.${padded.slice(digits)}`
}
