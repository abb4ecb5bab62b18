/** How far a person lets us use what the assistant learns. The first one counts where none is stated. */
export const consentLevels = ['basic', 'enhanced', 'research'] as const
export type ConsentLevel = (typeof consentLevels)[number]

/** The level that a statement carries; anything that is not a level is the least, never a guess at more. */
export const consentLevelOf = (stated: unknown): ConsentLevel =>
  consentLevels.find((level) => level === stated) ?? 'basic'

/** Events of which something personal is learnt, by their names in the contract. */
export const consentedEvents = [
  'ai_session_started',
  'ai_session_completed',
  'face_analysis_completed',
  'recommendation_generated',
  'recommendation_clicked',
  'virtual_try_on_started',
  'product_viewed',
  'product_clicked',
  'order_created',
  'payment_completed',
] as const
export type ConsentedEvent = (typeof consentedEvents)[number]

/** What a training row may hold, and of which type it is. */
export type MlRow = {
  readonly dataType: 'face_analysis' | 'ai_session' | 'recommendation_outcome' | 'order'
  /** `none`: rows of one person cannot be joined. */
  readonly pseudonym: 'none' | 'rotating'
  /** `bands`: ranges of millimetres; `half-millimetre`: rounded to 0.5 mm. */
  readonly measurements: 'none' | 'bands' | 'half-millimetre'
  /** `outcome`: face shape and what came of it, nothing more; `event`: what the event states, without identifiers. */
  readonly facts: 'outcome' | 'event'
  /** Features of the masked conversation, never its words. */
  readonly conversation: 'none' | 'features'
}

export type ConsentRule = {
  /** Days for which the session keeps what the event says; undefined: until consent is withdrawn or erasure asked for. */
  readonly sessionDays: number | undefined
  /** Whether the analysis in the event goes into the user's profile. */
  readonly profile: boolean
  /** Conversations are kept with the session, masked, whatever the level; never anywhere else. */
  readonly conversation: 'masked'
  /** Undefined: the event alone makes no training row. */
  readonly ml: MlRow | undefined
}

const dataTypes: Readonly<Record<ConsentedEvent, MlRow['dataType'] | undefined>> = {
  // A session that only began has no outcome to learn from.
  ai_session_started: undefined,
  ai_session_completed: 'ai_session',
  face_analysis_completed: 'face_analysis',
  recommendation_generated: 'recommendation_outcome',
  recommendation_clicked: 'recommendation_outcome',
  virtual_try_on_started: 'recommendation_outcome',
  // Looking at a product is no answer to a recommendation.
  product_viewed: undefined,
  product_clicked: 'recommendation_outcome',
  order_created: 'order',
  payment_completed: 'order',
}

const rowsOf = {
  basic: { pseudonym: 'none', measurements: 'none', facts: 'outcome', conversation: 'none' },
  enhanced: { pseudonym: 'rotating', measurements: 'bands', facts: 'event', conversation: 'none' },
  research: { pseudonym: 'rotating', measurements: 'half-millimetre', facts: 'event', conversation: 'features' },
} as const satisfies Record<ConsentLevel, Omit<MlRow, 'dataType'>>

const basicDays = 30
/** Events that carry an analysis: the profile takes it from these alone. */
const withAnalysis: ReadonlySet<ConsentedEvent> = new Set(['face_analysis_completed', 'ai_session_completed'])
/** Events that tell of a conversation. */
const withConversation: ReadonlySet<ConsentedEvent> = new Set(['ai_session_completed'])

function ruleOf(event: ConsentedEvent, level: ConsentLevel): ConsentRule {
  const dataType = dataTypes[event]
  const row = rowsOf[level]
  const conversation = withConversation.has(event) ? row.conversation : 'none'
  return {
    sessionDays: level === 'basic' ? basicDays : undefined,
    profile: level !== 'basic' && withAnalysis.has(event),
    conversation: 'masked',
    ml: dataType && { dataType, ...row, conversation },
  }
}

const byLevel = (event: ConsentedEvent): Readonly<Record<ConsentLevel, ConsentRule>> => ({
  basic: ruleOf(event, 'basic'),
  enhanced: ruleOf(event, 'enhanced'),
  research: ruleOf(event, 'research'),
})

/** What may be done with an event at each level. The one place that says so: everything else asks here. */
export const consentTable: Readonly<Record<ConsentedEvent, Readonly<Record<ConsentLevel, ConsentRule>>>> = {
  ai_session_started: byLevel('ai_session_started'),
  ai_session_completed: byLevel('ai_session_completed'),
  face_analysis_completed: byLevel('face_analysis_completed'),
  recommendation_generated: byLevel('recommendation_generated'),
  recommendation_clicked: byLevel('recommendation_clicked'),
  virtual_try_on_started: byLevel('virtual_try_on_started'),
  product_viewed: byLevel('product_viewed'),
  product_clicked: byLevel('product_clicked'),
  order_created: byLevel('order_created'),
  payment_completed: byLevel('payment_completed'),
}
