import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codingsOf, marksIn, searchFolder } from './find-marks.ts'

const marks = { face: codingsOf('CANARYFACE7Q'), other: codingsOf('nobody') }

test.each<[string, Buffer]>([
  ['as it is', Buffer.from('xCANARYFACE7Qx')],
  ['in base64', Buffer.from(Buffer.from('{"a":"CANARYFACE7Q"}').toString('base64'))],
  ['in base64, one further', Buffer.from(Buffer.from('{"ab":"CANARYFACE7Q"}').toString('base64'))],
  ['in base64, two further', Buffer.from(Buffer.from('{"abc":"CANARYFACE7Q"}').toString('base64'))],
  ['repeated, in base64', Buffer.from(Buffer.from('CANARYFACE7Q'.repeat(3)).toString('base64url'))],
  ['in hexadecimal digits', Buffer.from(Buffer.from('CANARYFACE7Q').toString('hex'))],
  ['in UTF-16', Buffer.from('a CANARYFACE7Q', 'utf16le')],
])('a mark %s is found', (_, bytes) => {
  expect(marksIn(bytes, marks)).toEqual(['face'])
})

test('nothing is found where there is nothing', () => {
  expect(marksIn(Buffer.from('CANARY FACE 7Q'), marks)).toEqual([])
})

test('files are searched wherever they lie, across the pieces in which they are read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'find-marks-'))
  try {
    await writeFile(join(folder, 'a.log'), Buffer.concat([Buffer.alloc((1 << 20) - 5), Buffer.from('CANARYFACE7Q')]))
    const { bytes, found } = await searchFolder('here', folder, marks)
    expect(bytes).toBeGreaterThan(1 << 20)
    expect([...found.keys()]).toEqual(['face'])
    expect(await searchFolder('nowhere', join(folder, 'none'), marks)).toMatchObject({ bytes: 0, found: new Map() })
  } finally {
    await rm(folder, { recursive: true })
  }
})
