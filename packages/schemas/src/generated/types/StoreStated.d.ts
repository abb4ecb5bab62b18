// Generated from contract/*.avsc by scripts/generate.ts; do not edit.

/**
 * Position of this statement among the parts of one payload that was split.
 */
export interface Part {
    /**
     * Zero-based.
     */
    index: number;
    /**
     * How many parts there are.
     */
    count: number;
}
/**
 * A platform or an operator told us about a store itself. Folds into the store.
 */
export interface StoreStated {
    /**
     * Stable across redelivery: platform|store|delivery id|index, or the cause's id and what was derived from it.
     */
    eventId: string;
    /**
     * What happened, one of the event table's names. A closed set checked in code, never an Avro enum.
     */
    eventName: string;
    /**
     * create, update, delete or ai_interaction.
     */
    eventType: string;
    /**
     * order, customer, product, inventory, ai_session, consent, store, analytics or privacy.
     */
    entityType: string;
    /**
     * The store's own id of the record that this statement folds into, lossless.
     */
    entityId: string;
    /**
     * The platform that speaks: shopify, woocommerce, magento, html or varai.
     */
    source: string;
    /**
     * Owner of the store. Stores of one merchant share customers; two merchants never do.
     */
    merchantId: string;
    /**
     * The store in its platform's own terms, e.g. the myshopify domain.
     */
    storeId: string;
    /**
     * The platform's customer id of the person concerned, where the statement names one.
     *
     * Default: null
     */
    userId: null | string;
    /**
     * AI session this statement belongs to.
     *
     * Default: null
     */
    sessionId: null | string;
    /**
     * Processing region; NA unless known.
     *
     * Default: "NA"
     */
    region: string;
    /**
     * Lane: high, medium or low.
     */
    priority: string;
    /**
     * basic, enhanced or research, where the statement carries one.
     *
     * Default: null
     */
    consentLevel: null | string;
    /**
     * Keyed hash that names the data subject whose key seals the personal fields.
     *
     * Default: null
     */
    subjectRef: null | string;
    /**
     * The store's own time of this statement; orders the statements of one record.
     */
    platformAt: number;
    /**
     * platformAt, but never more than two minutes after receipt; serves only comparisons across stores.
     */
    at: number;
    /**
     * When the platform triggered the delivery, or answered our fetch; settles ties of platformAt.
     *
     * Default: null
     */
    triggeredAt: null | number;
    /**
     * When this system received it.
     */
    ingestedAt: number;
    /**
     * webhook, poll, backfill, replay or api.
     */
    origin: string;
    /**
     * The platform's id of the delivery.
     *
     * Default: null
     */
    deliveryId: null | string;
    /**
     * W3C trace context of the delivery.
     *
     * Default: null
     */
    traceparent: null | string;
    /**
     * Where the original payload lies when it was too large for the topic.
     *
     * Default: null
     */
    payloadRef: null | string;
    /**
     * Set when one payload was split into several statements.
     *
     * Default: null
     */
    part: null | Part;
    /**
     * Names of fields that the store says are empty now. A field that is null and not named here is not stated.
     *
     * Default: []
     */
    cleared: string[];
    /**
     * installed or uninstalled.
     *
     * Default: null
     */
    state: null | string;
    /**
     * Its name.
     *
     * Default: null
     */
    name: null | string;
    /**
     * Its domain.
     *
     * Default: null
     */
    domain: null | string;
    /**
     * Contact.
     *
     * Default: null
     */
    email: null | string;
    /**
     * ISO 4217.
     *
     * Default: null
     */
    currency: null | string;
    /**
     * IANA name.
     *
     * Default: null
     */
    timezone: null | string;
    /**
     * The platform's plan.
     *
     * Default: null
     */
    plan: null | string;
}
