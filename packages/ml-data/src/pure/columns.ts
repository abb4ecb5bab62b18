import type { ConsentLevel } from '@varai/privacy'

export const dataTypes = ['face_analysis', 'ai_session', 'recommendation_outcome', 'order'] as const
export type DataType = (typeof dataTypes)[number]

/** What a row holds, or null where its level or its group does not allow it. */
export type Value = string | number | boolean | null
export type Data = Readonly<Record<string, Value>>

/** A number that people of one cohort share as a band (`enhanced`) or as a mean (`research`); never anybody's own. */
export type Measure = {
  readonly name: string
  /** Bands begin and end at whole multiples of it. */
  readonly band: number
  /** Means are rounded to it. */
  readonly step: number
  readonly doc: string
  /** Only from this level on. */
  readonly from?: ConsentLevel
}
/** A word, or yes and no, that all people of a cohort have in common. */
export type Category = {
  readonly name: string
  readonly is: 'text' | 'boolean'
  readonly doc: string
  /** Also in rows at `basic`. */
  readonly basic?: true
}

const faceShape: Category = {
  ...{ name: 'faceShape', is: 'text', basic: true },
  doc: 'oval, round, …, in lower case; null where no analysis is known',
}
const outcome: Category = {
  ...{ name: 'outcome', is: 'text', basic: true },
  doc: 'how far it went: purchased, cancelled, try_on, click or none',
}
const millimetres = (name: string, of: string): Measure => ({ name, band: 2, step: 0.5, doc: `${of}, millimetres` })

/** What rows of each type hold beside what all hold. Everything here is what rows are grouped by. */
export const contents: Readonly<
  Record<DataType, { readonly categories: readonly Category[]; readonly measures: readonly Measure[] }>
> = {
  face_analysis: {
    categories: [faceShape, outcome],
    measures: [
      millimetres('pupillaryDistance', 'between the pupils'),
      { ...millimetres('faceWidth', 'width of the face'), band: 5 },
      { ...millimetres('faceHeight', 'height of the face'), band: 5 },
    ],
  },
  ai_session: {
    categories: [faceShape, outcome],
    measures: [
      { name: 'durationSeconds', band: 60, step: 30, doc: 'from its beginning to its end, seconds' },
      { name: 'recommendations', band: 1, step: 0.5, doc: 'how many sets of frames were recommended' },
      { name: 'turns', band: 2, step: 0.5, doc: 'turns of the conversation', from: 'research' },
      { name: 'shopperWords', band: 20, step: 5, doc: 'words that the shopper wrote', from: 'research' },
    ],
  },
  recommendation_outcome: {
    categories: [
      faceShape,
      outcome,
      { name: 'algorithm', is: 'text', doc: 'name and version, as the assistant states it' },
      { name: 'frameShape', is: 'text', doc: 'of the first frame recommended, where the store says so' },
    ],
    measures: [{ name: 'items', band: 1, step: 0.5, doc: 'how many frames were recommended' }],
  },
  order: {
    categories: [
      faceShape,
      outcome,
      { name: 'currency', is: 'text', doc: 'ISO 4217 of the total' },
      { name: 'recommended', is: 'boolean', doc: 'whether the order names a recommendation' },
    ],
    measures: [{ name: 'total', band: 10, step: 5, doc: "the order's total, in its currency" }],
  },
}

export type Column = {
  readonly name: string
  readonly type: 'STRING' | 'BOOLEAN' | 'DOUBLE'
  readonly nullable: boolean
  readonly doc: string
}

const shared: readonly Column[] = [
  { name: 'platform', type: 'STRING', nullable: false, doc: 'shopify, woocommerce, magento or html' },
  { name: 'region', type: 'STRING', nullable: false, doc: 'country or area, never finer; NA where nobody knows' },
  {
    name: 'week',
    type: 'STRING',
    nullable: false,
    doc: 'Monday of the week in UTC, YYYY-MM-DD; no finer time is kept',
  },
  { name: 'consentLevel', type: 'STRING', nullable: false, doc: 'basic, enhanced or research' },
  {
    ...{ name: 'pseudonym', type: 'STRING', nullable: true },
    doc: "names this row's person in this month; null at basic. Two rows never share one: what belongs together is in one row",
  },
  {
    name: 'split',
    type: 'STRING',
    nullable: false,
    doc: 'train, validation or test; all rows of a person have the same',
  },
]

/** The columns of a type's files, in order. */
export function columnsOf(dataType: DataType): Column[] {
  const { categories, measures } = contents[dataType]
  return [
    ...shared,
    ...categories.map(
      ({ name, is, doc }): Column => ({ name, type: is === 'text' ? 'STRING' : 'BOOLEAN', nullable: true, doc }),
    ),
    ...measures.flatMap(({ name, band, step, doc, from }): Column[] => {
      const column = (name: string, doc: string): Column => ({ name, type: 'DOUBLE', nullable: true, doc })
      const mean = column(name, `research: mean of the row's cohort to ${step}; ${doc}`)
      if (from === 'research') return [mean]
      return [
        column(
          `${name}From`,
          `enhanced: begin of the band that the row's cohort lies in (multiples of ${band}); ${doc}`,
        ),
        column(`${name}To`, `enhanced: end of that band; ${doc}`),
        mean,
      ]
    }),
  ]
}
