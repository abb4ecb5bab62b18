import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const guide = join(import.meta.dirname, '../../../docs/guides/new-platform.md')
const text = readFileSync(guide, 'utf8')

test('what the guide shows is the example that is tested', () => {
  const files = globSync('example/**/*.ts', { cwd: import.meta.dirname })
  const example = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  const shown = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
  expect(shown.length).toBeGreaterThan(4)
  expect(shown.filter((code) => !example.some((file) => file.includes(code)))).toEqual([])
})

test('what the guide points to is there', () => {
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link)
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((link) => !existsSync(join(dirname(guide), link)))).toEqual([])
})
