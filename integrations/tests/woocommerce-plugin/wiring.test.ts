import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow } from '../../php/start-php.ts'
import { plugin } from './plugin-core.ts'

const text = (file: string) => readFileSync(join(plugin, file), 'utf8')
const php = filesBelow(plugin).filter((file) => file.endsWith('.php'))
const found = (pattern: RegExp, file: string) => pattern.exec(text(file))?.[1]

test('plugin, readme and code name the same versions', () => {
  const pairs = [
    [/^ \* Version: (.+)$/m, /^Stable tag: (.+)$/m],
    [/^ \* Requires at least: (.+)$/m, /^Requires at least: (.+)$/m],
    [/^ \* Requires PHP: (.+)$/m, /^Requires PHP: (.+)$/m],
    [/^ \* License: (.+)$/m, /^License: (.+)$/m],
  ] as const
  for (const [inPlugin, inReadme] of pairs) {
    expect(found(inPlugin, 'varai-sync.php')).toMatch(/\d/)
    expect(found(inPlugin, 'varai-sync.php')).toBe(found(inReadme, 'readme.txt'))
  }
  expect(found(/const VERSION = '(.+)';/, 'varai-sync.php')).toBe(found(/^Stable tag: (.+)$/m, 'readme.txt'))
})

test('no file does anything when it is called by itself', () => {
  const open = php.filter((file) => !/defined\('(?:ABSPATH|WP_UNINSTALL_PLUGIN)'\) \|\| exit\(\);/.test(text(file)))
  // Those declare a class without a parent, and run nothing.
  for (const file of open) expect(file).toMatch(/^src\/Core\/\w+\.php$/)
})

test('every class lies where the autoloader looks for it', () => {
  const namesToo = php.filter((file) => /^src\/[A-Z]/.test(file))
  expect(namesToo.length).toBeGreaterThan(15)
  for (const file of namesToo) {
    const [, folder, name] = /^src\/(?:(\w+)\/)?(\w+)\.php$/.exec(file) ?? []
    expect(text(file)).toContain(`namespace Varai\\Sync\\WooCommerce${folder ? `\\${folder}` : ''};`)
    expect(text(file)).toContain(`\nfinal class ${name}\n`)
  }
})

test('all that people read can be translated, and stands in the template', () => {
  const template = text('languages/varai-sync.pot')
  const calls = php.flatMap((file) => [
    ...text(file).matchAll(/\b(?:__|esc_html__|esc_html_e|_n)\(([^;]*?)'varai-sync'\s*,?\s*\)/g),
  ])
  expect(calls.length).toBeGreaterThan(40)
  for (const [, given = ''] of calls) {
    const literals = [...given.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, literal]) => literal)
    const written = template.replaceAll(/"\n"/g, '')
    const isJoined = /'\s*\.\s*'/.test(given)
    for (const literal of isJoined ? [literals.join('')] : literals) expect(written).toContain(`"${literal}"`)
  }
  expect(php.flatMap((file) => [...text(file).matchAll(/\b_[_e]\(\s*[^'\s]/g)])).toEqual([])
})
