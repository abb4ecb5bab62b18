import { createHash } from 'node:crypto'

/** 128 bits of SHA-256 in hex: names what has no id of its own, the same each time it comes. */
export const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32)
