import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const folder = join(import.meta.dirname, '..')

/** The snippet as pages load it: one classic script, of the sources as they are now. */
export async function bundle(): Promise<Uint8Array> {
  const { version }: { version: string } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['src/page/main.ts'],
    define: { snippetVersion: JSON.stringify(version) },
    banner: { js: '/* Varai, Apache-2.0 */' },
    ...{ bundle: true, minify: true, write: false, format: 'iife', target: 'es2020', charset: 'utf8' },
    // What is said of unused code in packages it does not take.
    logLevel: 'error',
    // Types are checked elsewhere; of their settings only "use strict" would come through.
    tsconfigRaw: {},
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild wrote nothing')
  return file.contents
}
