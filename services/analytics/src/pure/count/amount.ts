/** Amounts as whole millionths, as many as there are: sums of amounts outgrow what one amount may be. */

const unit = 1_000_000n
const decimalText = /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/

/** Throws RangeError on text that is not a decimal with six places at most. */
export function toMillionths(text: string): bigint {
  const match = decimalText.exec(text)
  if (match === null) throw new RangeError(`not an amount: ${text.slice(0, 40)}`)
  const [, sign, whole = '0', fraction = ''] = match
  const magnitude = BigInt(whole) * unit + BigInt(fraction.padEnd(6, '0'))
  return sign === '-' ? -magnitude : magnitude
}

export function fromMillionths(amount: bigint): string {
  const magnitude = amount < 0n ? -amount : amount
  const fraction = (magnitude % unit).toString().padStart(6, '0').replace(/0+$/, '')
  const text = fraction === '' ? `${magnitude / unit}` : `${magnitude / unit}.${fraction}`
  return amount < 0n ? `-${text}` : text
}
