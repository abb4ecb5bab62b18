import { join } from 'node:path'

/** Where the repository lies on this machine. */
export const root = join(import.meta.dirname, '..')
