const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])
const space = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * The exact bytes of each element of a JSON list, without copying them; undefined for what is no list, or is not closed.
 * An element may still be no JSON: whoever reads it finds that, and the others are not lost with it.
 */
export function itemsOf(json: Buffer): Buffer[] | undefined {
  const list = trimmed(json)
  if (list.length < 2 || list[0] !== 0x5b) return undefined
  const items: Buffer[] = []
  let depth = 0
  let begin = 1
  let inText = false
  for (let at = 0; at < list.length; at += 1) {
    const byte = list[at] ?? 0
    if (inText) {
      if (byte === backslash) at += 1
      else if (byte === quote) inText = false
    } else if (byte === quote) inText = true
    else if (opening.has(byte)) depth += 1
    else if (closing.has(byte)) {
      depth -= 1
      if (depth === 0 && at < list.length - 1) return undefined
    } else if (byte === comma && depth === 1) {
      items.push(trimmed(list.subarray(begin, at)))
      begin = at + 1
    }
  }
  if (depth !== 0 || inText || list.at(-1) !== 0x5d) return undefined
  const last = trimmed(list.subarray(begin, -1))
  return items.length === 0 && last.length === 0 ? [] : [...items, last]
}

function trimmed(bytes: Buffer): Buffer {
  let [begin, end] = [0, bytes.length]
  while (begin < end && space.has(bytes[begin] ?? 0)) begin += 1
  while (end > begin && space.has(bytes[end - 1] ?? 0)) end -= 1
  return bytes.subarray(begin, end)
}
