import { consentLevels } from '@varai/privacy'
import type { EventRecordName } from '@varai/schemas'
import { z } from 'zod'
import { type ContractField, type ContractType, factsOf } from './contract-type.ts'
import {
  allowed,
  fraction,
  freeText,
  idText,
  money,
  notNegative,
  sanitised,
  short,
  spokenText,
  text,
  time,
  whole,
} from './words.ts'

const mostItems = 1_000
const mostNames = 100

/** Small technical facts about a session. */
const metadataNames = [
  ...['device', 'os', 'browser', 'viewport', 'language', 'timezone', 'snippet', 'theme', 'channel', 'assistant'],
  ...['model', 'experiment', 'variant', 'campaign'],
]
/** What a recommendation may say it was based on. */
const contextNames = [
  ...['faceShape', 'frameShape', 'frameMaterial', 'frameColor', 'lensType', 'style', 'occasion', 'budget', 'size'],
  ...['brand', 'source', 'experiment'],
]
const interactionNames = ['camera', 'list', 'position', 'surface', 'frameColor', 'frameShape', 'result', 'experiment']

/** Stated apart from the facts, or by the event's name. */
const elsewhere: Readonly<Partial<Record<EventRecordName, readonly string[]>>> = {
  Interaction: ['interactionId', 'interactionType'],
  EntityDeleted: ['confirmed', 'terminal'],
}

/** Where the contract's type alone would let in too much, by path. */
const narrower: Readonly<Record<string, z.ZodType>> = {
  'AiSessionStated.outcome': short,
  'AiSessionStated.conversionResult': short,
  'AiSessionStated.orderId': idText,
  'AiSessionStated.customerId': idText,
  'AiSessionStated.locale': short,
  'AiSessionStated.durationSeconds': notNegative,
  'AiSessionStated.recommendationIds[]': idText,
  'AiSessionStated.conversation[].role': z.enum(['shopper', 'assistant']),
  'AiSessionStated.conversation[].text': spokenText,
  'AiSessionStated.metadata': allowed(metadataNames),
  'FaceAnalysed.analysisId': idText,
  'FaceAnalysed.customerId': idText,
  'RecommendationsGenerated.recommendationId': idText,
  'RecommendationsGenerated.customerId': idText,
  'RecommendationsGenerated.algorithm': short,
  'RecommendationsGenerated.confidence': fraction,
  'RecommendationsGenerated.context': allowed(contextNames),
  'RecommendationsGenerated.items[].id': idText,
  'RecommendationsGenerated.items[].productId': idText,
  'RecommendationsGenerated.items[].variantId': idText,
  'RecommendationsGenerated.items[].sku': short,
  'RecommendationsGenerated.items[].score': fraction,
  'RecommendationsGenerated.items[].reason': spokenText,
  'Interaction.productId': idText,
  'Interaction.variantId': idText,
  'Interaction.sku': short,
  'Interaction.recommendationId': idText,
  'Interaction.durationMs': whole.min(0),
  'Interaction.properties': allowed(interactionNames),
  'ConsentStated.customerId': idText,
  'ConsentStated.email': short,
  'ConsentStated.level': z.enum(consentLevels),
  'ConsentStated.proof': spokenText,
  'OrderStated.aiSessionId': idText,
  'OrderStated.customerId': idText,
  'OrderStated.note': freeText,
  'OrderStated.items[].properties[].value': freeText,
  'OrderStated.metadata[].value': freeText,
  'CustomerStated.note': freeText,
  'CustomerStated.preferences{}': freeText,
  'EntityDeleted.reason': z.enum(['deleted', 'trashed', 'redacted']),
  'EntityDeleted.childId': idText,
}

/**
 * The facts of a record as JSON, made of the contract: its fields, their words, and what may be left out. Unknown
 * fields are dropped wherever they stand, and what is free-form has limits and is sanitised. Times are RFC 3339 and
 * become ms, amounts decimal text. `omit`: facts that this caller may not state.
 */
export function factsShape(record: EventRecordName, omit: readonly string[] = []) {
  const hidden = new Set([...(elsewhere[record] ?? []), ...omit])
  return z.object(
    fieldShapes(
      factsOf(record).filter(({ name }) => !hidden.has(name)),
      record,
    ),
  )
}

const fieldShapes = (fields: readonly ContractField[], path: string): z.ZodRawShape =>
  Object.fromEntries(
    fields.map(({ name, type, doc, defaulted }) => {
      const shape = shapeOf(type, `${path}.${name}`)
      return [name, (defaulted && type.kind !== 'optional' ? shape.optional() : shape).describe(doc)]
    }),
  )

function shapeOf(type: ContractType, path: string): z.ZodType {
  const found = type.kind === 'optional' ? undefined : narrower[path]
  if (found !== undefined) return found
  switch (type.kind) {
    case 'optional':
      return shapeOf(type.of, path).nullish()
    case 'text':
      return text
    case 'whole':
      return whole
    case 'number':
      return z.number()
    case 'flag':
      return z.boolean()
    case 'money':
      return money
    case 'time':
      return time
    case 'list':
      return z.array(shapeOf(type.of, `${path}[]`)).max(mostItems)
    case 'map':
      return z
        .record(z.string().min(1).max(64), shapeOf(type.of, `${path}{}`))
        .refine((map) => Object.keys(map).length <= mostNames, `has more than ${mostNames} names`)
    case 'record': {
      const fields = z.object(fieldShapes(type.fields, path))
      return type.name === 'FaceAnalysis' ? sanitised(fields) : fields
    }
    default:
      return type satisfies never
  }
}
