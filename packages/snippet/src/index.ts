import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export const snippetFile = join(import.meta.dirname, '..', 'generated', 'varai.js')

/** The snippet as it is served to pages. */
export type Snippet = {
  readonly code: Buffer
  readonly gzipped: Buffer
  /** For a script's `integrity`: pages that name it load exactly this version, or nothing. */
  readonly integrity: string
}

/** Throws when the file that the build writes is not there. */
export function loadSnippet(): Snippet {
  const code = readFileSync(snippetFile)
  const integrity = `sha384-${createHash('sha384').update(code).digest('base64')}`
  return { code, gzipped: gzipSync(code, { level: 9 }), integrity }
}
