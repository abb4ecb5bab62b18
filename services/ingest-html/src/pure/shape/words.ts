import { readTime } from '@varai/ingest/pure'
import { dropFaceData, maskContacts, sanitiseFaceAnalysis } from '@varai/privacy'
import { canonicalDecimal, isIdPart } from '@varai/schemas'
import { z } from 'zod'

/** Words of the shapes. What a shape yields is sanitised already: there is no way around it. */

const longestText = 65_536
const longestShort = 256
const longestTurn = 8_000

export const text = z.string().max(longestText)
/** Names, codes, ids: nothing that could hold a picture. */
export const short = z.string().max(longestShort).transform(swept)
export const whole = z.int()
export const fraction = z.number().min(0).max(1)
export const notNegative = z.number().min(0)

/** An id of one of the store's things. */
export const idText = z
  .string()
  .min(1)
  .max(128)
  .refine(isIdPart, 'is no id: it holds | or a control character')
  .meta({ examples: ['ais_01JD4QK7W3'] })

export const money = z
  .string()
  .regex(/^-?\d{1,14}(?:\.\d{1,6})?$/, 'expected decimal text such as "129.00"')
  .transform((given) => canonicalDecimal(given) ?? given)
  .meta({ description: 'Decimal text.', examples: ['129.00'] })

export const time = z
  .string()
  .max(40)
  .transform((given, context) => {
    const read = readTime(given)
    if (read.ok) return read.value
    context.addIssue({ code: 'custom', message: read.reason })
    return z.NEVER
  })
  .meta({ format: 'date-time', examples: ['2026-03-14T09:25:00.000Z'] })

/** Text that nobody but shops and shoppers write: without raw face data. */
export const freeText = text.transform(swept)
/** What people say to the assistant: besides, without contacts and card numbers. */
export const spokenText = z
  .string()
  .max(longestTurn)
  .transform((given) => maskContacts(swept(given)))

function swept(given: string): string {
  const kept = dropFaceData(given)
  return typeof kept === 'string' ? kept : ''
}

/** A map of which only these names are kept. */
export const allowed = (names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.string().max(200).transform(cleaned).optional()])))

const cleaned = (given: string): string => maskContacts(swept(given))

/** The analysis as far as it may be kept; whatever else is sent with it is dropped here, in memory. */
export const sanitised = <S extends z.ZodType>(analysis: S) =>
  analysis.transform((given) => sanitiseFaceAnalysis(given))
