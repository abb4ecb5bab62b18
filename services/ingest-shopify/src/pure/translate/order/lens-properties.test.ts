import { read } from '@varai/ingest/pure'
import { describe, expect, test } from 'vitest'
import { bodyOf } from '../../../test-statements.ts'
import { readLensProperties } from './lens-properties.ts'

const lens = (properties: unknown) => readLensProperties(read(bodyOf({ properties })))
const named = (entries: Record<string, unknown>) => Object.entries(entries).map(([name, value]) => ({ name, value }))

test.each(['lens_type', 'Lens Type', '_lensType', 'LENS-TYPE', 'Type of lenses'])('%s is the lens type', (name) => {
  const read = lens([{ name, value: 'progressive' }])
  expect(read.lensType).toBe('progressive')
  expect(read.properties).toEqual([{ name, value: 'progressive' }])
})

test.each(['lens_coating', 'Coating', '_Lens coatings', 'Lens Treatment'])('%s is the coating', (name) => {
  expect(lens([{ name, value: 'anti-reflective' }]).lensCoating).toBe('anti-reflective')
})

describe('a prescription leaves the properties, because it is health data', () => {
  test('JSON stays the JSON it is', () => {
    const json = '{"right": {"sphere": -1.25}, "pd": 63}'
    const read = lens(named({ prescription: json, Engraving: 'für Ada' }))
    expect(read.prescription).toBe(json)
    expect(read.properties).toEqual([{ name: 'Engraving', value: 'für Ada' }])
  })

  test('other text becomes JSON text', () => {
    expect(lens(named({ 'Rx upload': 'https://cdn.example/rx.pdf' })).prescription).toBe('"https://cdn.example/rx.pdf"')
  })

  test('values by eye become one object, as they were named', () => {
    const read = lens(
      named({
        'OD Sphere': '-1.25',
        os_cyl: '-0.50',
        'Axis (OS)': 90,
        'Right Eye SPH': '+1',
        PD: '63',
        'Lens type': 'sv',
      }),
    )
    expect(read.prescription).toBe(
      '{"OD Sphere":"-1.25","os_cyl":"-0.50","Axis (OS)":"90","Right Eye SPH":"+1","PD":"63"}',
    )
    expect(read.properties.map((property) => property.name)).toEqual(['Lens type'])
  })

  test('one value by itself keeps its name', () => {
    expect(lens(named({ 'Pupillary distance': '62' })).prescription).toBe('{"Pupillary distance":"62"}')
  })

  test('words that only look alike stay', () => {
    const names = ['Add gift wrap', 'Base colour', 'Left handed', 'Prism sticker', 'Axiskey', 'Address']
    expect(lens(names.map((name) => ({ name, value: 'x' }))).prescription).toBeUndefined()
  })
})

test('no properties, an empty object and the object of old themes', () => {
  const nothing = { lensType: undefined, lensCoating: undefined, prescription: undefined, properties: [] }
  for (const empty of [[], {}, null, undefined]) expect(lens(empty)).toEqual(nothing)
  expect(lens({ 'Lens Type': 'bifocal', gift: true })).toEqual({
    ...nothing,
    lensType: 'bifocal',
    properties: [
      { name: 'Lens Type', value: 'bifocal' },
      { name: 'gift', value: 'true' },
    ],
  })
})
