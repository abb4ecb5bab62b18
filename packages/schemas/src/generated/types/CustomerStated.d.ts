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
 * A postal address. It changes as a whole: its lines never mix with another store's.
 */
export interface Address {
    /**
     * The platform's id of a stored address.
     *
     * Default: null
     */
    id: null | string;
    /**
     * Given name.
     *
     * Default: null
     */
    firstName: null | string;
    /**
     * Family name.
     *
     * Default: null
     */
    lastName: null | string;
    /**
     * Company.
     *
     * Default: null
     */
    company: null | string;
    /**
     * Street and number.
     *
     * Default: null
     */
    address1: null | string;
    /**
     * Second line.
     *
     * Default: null
     */
    address2: null | string;
    /**
     * City.
     *
     * Default: null
     */
    city: null | string;
    /**
     * Postal code.
     *
     * Default: null
     */
    zip: null | string;
    /**
     * State or province, by name.
     *
     * Default: null
     */
    province: null | string;
    /**
     * State or province, by code.
     *
     * Default: null
     */
    provinceCode: null | string;
    /**
     * Country, by name.
     *
     * Default: null
     */
    country: null | string;
    /**
     * ISO 3166-1 alpha-2.
     *
     * Default: null
     */
    countryCode: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    phone: null | string;
    /**
     * Whether this is the customer's default address.
     *
     * Default: null
     */
    isDefault: null | boolean;
}
/**
 * Which keyed lists are whole.
 */
export interface CustomerComplete {
    /**
     * All addresses are listed.
     *
     * Default: false
     */
    addresses: boolean;
}
/**
 * A store told us about one of its customers. Folds into the customer record, which identifies a user.
 */
export interface CustomerStated {
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
     * As stated; normalised only where identity is decided.
     *
     * Default: null
     */
    email: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    phone: null | string;
    /**
     * Given name.
     *
     * Default: null
     */
    firstName: null | string;
    /**
     * Family name.
     *
     * Default: null
     */
    lastName: null | string;
    /**
     * When the account was made.
     *
     * Default: null
     */
    createdAt: null | number;
    /**
     * Language, e.g. de-AT.
     *
     * Default: null
     */
    locale: null | string;
    /**
     * ISO 4217 of the last order.
     *
     * Default: null
     */
    currency: null | string;
    /**
     * enabled, disabled, invited, declined, guest.
     *
     * Default: null
     */
    state: null | string;
    /**
     * Whether the store verified the e-mail.
     *
     * Default: null
     */
    verifiedEmail: null | boolean;
    /**
     * E-mail marketing consent; true only when subscribed.
     *
     * Default: null
     */
    acceptsMarketing: null | boolean;
    /**
     * single_opt_in, confirmed_opt_in, unknown.
     *
     * Default: null
     */
    marketingOptInLevel: null | string;
    /**
     * When that consent last changed.
     *
     * Default: null
     */
    marketingConsentAt: null | number;
    /**
     * SMS marketing consent.
     *
     * Default: null
     */
    acceptsSmsMarketing: null | boolean;
    /**
     * Whether taxes are left out.
     *
     * Default: null
     */
    taxExempt: null | boolean;
    /**
     * The shop's note.
     *
     * Default: null
     */
    note: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    tags: null | string[];
    /**
     * Eyewear preferences by name.
     *
     * Default: null
     */
    preferences: null | {
        [index: string]: string;
    };
    /**
     * Stored addresses, keyed by id; see complete.
     *
     * Default: null
     */
    addresses: null | Address[];
    /**
     * Which lists are whole.
     *
     * Default: {"addresses":false}
     */
    complete: CustomerComplete;
}
