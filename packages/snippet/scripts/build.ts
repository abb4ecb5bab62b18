// `pnpm --filter @varai/snippet build`: writes generated/varai.js and says how large it is. A test holds the file
// against its sources.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { loadSnippet, snippetFile } from '../src/index.ts'
import { bundle } from './bundle.ts'

await mkdir(dirname(snippetFile), { recursive: true })
await writeFile(snippetFile, await bundle())
const { code, gzipped, integrity } = loadSnippet()
console.log(`varai.js: ${code.length} bytes, ${gzipped.length} gzipped, ${integrity}`)
