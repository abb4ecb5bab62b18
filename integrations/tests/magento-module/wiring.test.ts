import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluator, filesBelow, startPhp } from '../../php/start-php.ts'

const module = join(import.meta.dirname, '../../magento-module')
const files = filesBelow(module)
const text = (file: string) => readFileSync(join(module, file), 'utf8')
const xml = files.filter((file) => file.endsWith('.xml'))
/** File of one of our classes; those that Magento generates lie behind the class they belong to. */
const fileOf = (name: string) =>
  `${name
    .replace(/^\\?Varai\\Sync\\/, '')
    .replace(/\\Proxy$/, '')
    .replaceAll('\\', '/')}.php`

test('all XML can be read', async () => {
  const php = evaluator(
    await startPhp('8.4'),
    `function problems(string $xml): array {
       libxml_use_internal_errors(true);
       (new DOMDocument())->loadXML($xml);
       $errors = array_map(fn ($error) => $error->message, libxml_get_errors());
       libxml_clear_errors();
       return $errors;
     }`,
  )
  expect(xml.length).toBeGreaterThan(9)
  expect(await php(`array_map('problems', $given)`, xml.map(text))).toEqual(xml.map(() => []))
  expect(await php('problems($given)', '<a><b></a>')).not.toEqual([])
})

test('every class that the configuration and the code name is there, under its name', () => {
  const named = [...xml, ...files.filter((file) => file.endsWith('.php'))].flatMap((file) =>
    [...text(file).matchAll(/(?<![\w\\])Varai\\Sync(?:\\\w+)+/g)].map(([name]) => ({ file, name })),
  )
  const classes = named.filter(({ file, name }) => !text(file).includes(`namespace ${name};`))
  expect(classes.length).toBeGreaterThan(40)
  for (const { file, name } of classes) expect(files, `${file} names ${name}`).toContain(fileOf(name))
  for (const file of files.filter((one) => one.endsWith('.php') && one !== 'registration.php')) {
    const [, folder, name] = /^(?:(.+)\/)?(\w+)\.php$/.exec(file) ?? []
    expect(text(file)).toContain(`namespace Varai\\Sync\\${folder?.replaceAll('/', '\\')};`)
    expect(text(file)).toMatch(new RegExp(`^(?:final )?class ${name}\\b`, 'm'))
  }
})

test('observers wait for the commit', () => {
  const events = [...text('etc/events.xml').matchAll(/event name="(\w+)"/g)].map(([, name]) => name)
  expect(events.length).toBe(9)
  for (const name of events) expect(name).toMatch(/_commit_after$/)
})

test('what may be removed with the table is all that the table has', () => {
  const schema = text('etc/db_schema.xml')
  const names = (pattern: RegExp) => [...schema.matchAll(pattern)].map(([, name]) => name).sort()
  const whitelist = JSON.parse(text('etc/db_schema_whitelist.json')).varai_sync_outbox
  expect(Object.keys(whitelist.column).sort()).toEqual(names(/<column xsi:type="\w+" name="(\w+)"/g))
  expect(Object.keys(whitelist.index).sort()).toEqual(names(/<index referenceId="(\w+)"/g))
  expect(Object.keys(whitelist.constraint).sort()).toEqual(names(/<constraint xsi:type="\w+" referenceId="(\w+)"/g))
})
