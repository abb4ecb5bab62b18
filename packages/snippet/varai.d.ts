/** How pages speak to the snippet. Commands given before it has loaded wait in `varai.q`. */
export type VaraiConsentLevel = 'basic' | 'enhanced' | 'research'

/** Of all that is given only these names leave the page, and only as short words, ids and numbers. */
export type VaraiInteraction = {
  productId?: string
  variantId?: string
  sku?: string
  recommendationId?: string
  /** Milliseconds. */
  durationMs?: number
  properties?: Partial<Record<VaraiProperty, string>>
}
export type VaraiProperty =
  | 'camera'
  | 'list'
  | 'position'
  | 'surface'
  | 'frameColor'
  | 'frameShape'
  | 'result'
  | 'experiment'

/** Whatever else an analysis holds (landmarks, embeddings, images) stays in the page. */
export type VaraiFaceAnalysis = {
  faceShape?: string
  /** Millimetres. */
  measurements?: { pupillaryDistance?: number; faceWidth?: number; faceHeight?: number }
  /** 0 to 1. */
  confidence?: number
  /** Epoch ms or RFC 3339. */
  timestamp?: number | string
  region?: string
  consentLevel?: VaraiConsentLevel
}

export type VaraiSession = {
  /** Yours, when the assistant has named the session already. Random: who knows it can add to it. */
  sessionId?: string
  locale?: string
  outcome?: string
  /** `purchased`, `abandoned`, … */
  conversionResult?: string
  recommendationIds?: readonly string[]
  faceAnalysis?: VaraiFaceAnalysis
  metadata?: Readonly<Record<string, string>>
}

export type VaraiEvents = {
  product_viewed: VaraiInteraction
  product_clicked: VaraiInteraction
  recommendation_clicked: VaraiInteraction
  virtual_try_on_started: VaraiInteraction
  ai_session_started: VaraiSession
  ai_session_completed: VaraiSession
  face_analysis_completed: { analysisId?: string; analysis: VaraiFaceAnalysis }
}

export type Varai = {
  /** States that something happened, now. Nothing happens while consent is refused. */
  <E extends keyof VaraiEvents>(command: 'track', event: E, data?: VaraiEvents[E]): void
  /** The shopper's choice. `proof` is the text they agreed to: its version and how. */
  (command: 'consent', choice: VaraiConsentLevel | 'refused', details?: { proof?: string }): void
  /** Answers with what holds now; undefined while nothing may be collected. */
  (command: 'consent', answer: (level: VaraiConsentLevel | undefined) => void): void
  /** Answers with the id of the session; undefined before the first event, and while nothing may be collected. */
  (command: 'session', answer: (id: string | undefined) => void): void
  /** A page was shown without a load: what it marks as viewed counts again. */
  (command: 'page'): void
  /** Shopify: writes the session and the recommendations that were clicked into the cart, now. */
  (command: 'cart'): void
  /** Calls from before it had loaded. */
  q?: Iterable<unknown>[]
  /** Its version, once it has. */
  v?: string
}

declare global {
  interface Window {
    varai: Varai
  }
}
