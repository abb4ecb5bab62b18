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
 * A property in which variants differ.
 */
export interface ProductOption {
    /**
     * E.g. Colour.
     */
    name: string;
    /**
     * All values.
     *
     * Default: []
     */
    values: string[];
}
/**
 * One sellable form of a product.
 */
export interface Variant {
    /**
     * The platform's variant id.
     */
    id: string;
    /**
     * As stated.
     *
     * Default: null
     */
    title: null | string;
    /**
     * Stock keeping unit as stated; may be missing or double.
     *
     * Default: null
     */
    sku: null | string;
    /**
     * GTIN, UPC or EAN as stated.
     *
     * Default: null
     */
    barcode: null | string;
    /**
     * In the product's currency.
     *
     * Default: null
     */
    price: null | string;
    /**
     * Price before reduction.
     *
     * Default: null
     */
    compareAtPrice: null | string;
    /**
     * Order among the variants, from 1.
     *
     * Default: null
     */
    position: null | number;
    /**
     * Option values in the order of the product's options.
     *
     * Default: []
     */
    options: string[];
    /**
     * Joins to inventory.
     *
     * Default: null
     */
    inventoryItemId: null | string;
    /**
     * Units over all locations, as the product payload says; inventory statements are exact.
     *
     * Default: null
     */
    inventoryQuantity: null | number;
    /**
     * Whether taxed.
     *
     * Default: null
     */
    taxable: null | boolean;
    /**
     * When it last changed.
     *
     * Default: null
     */
    updatedAt: null | number;
}
/**
 * A picture.
 */
export interface Image {
    /**
     * The platform's id.
     *
     * Default: null
     */
    id: null | string;
    /**
     * Address.
     */
    src: string;
    /**
     * Words for it.
     *
     * Default: null
     */
    alt: null | string;
    /**
     * From 1.
     *
     * Default: null
     */
    position: null | number;
    /**
     * Variants it shows.
     *
     * Default: []
     */
    variantIds: string[];
}
/**
 * Which keyed lists are whole.
 */
export interface ProductComplete {
    /**
     * All variants are listed.
     *
     * Default: false
     */
    variants: boolean;
}
/**
 * A store told us about one of its products. Folds into the product; products of one merchant with one SKU meet in the catalogue.
 */
export interface ProductStated {
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
     * As stated.
     *
     * Default: null
     */
    title: null | string;
    /**
     * HTML as stated.
     *
     * Default: null
     */
    description: null | string;
    /**
     * Slug.
     *
     * Default: null
     */
    handle: null | string;
    /**
     * Page of the product.
     *
     * Default: null
     */
    url: null | string;
    /**
     * Brand.
     *
     * Default: null
     */
    vendor: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    productType: null | string;
    /**
     * active, draft, archived, …
     *
     * Default: null
     */
    status: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    tags: null | string[];
    /**
     * When it was made.
     *
     * Default: null
     */
    createdAt: null | number;
    /**
     * When it became visible.
     *
     * Default: null
     */
    publishedAt: null | number;
    /**
     * ISO 4217 of the prices, from the store's settings where the platform does not say.
     *
     * Default: null
     */
    currency: null | string;
    /**
     * Options in order.
     *
     * Default: null
     */
    options: null | ProductOption[];
    /**
     * Variants, keyed by id; see complete.
     *
     * Default: null
     */
    variants: null | Variant[];
    /**
     * Pictures in order, all of them.
     *
     * Default: null
     */
    images: null | Image[];
    /**
     * Raw value; the taxonomy is applied by policy.
     *
     * Default: null
     */
    frameShape: null | string;
    /**
     * Raw value.
     *
     * Default: null
     */
    frameMaterial: null | string;
    /**
     * Raw value.
     *
     * Default: null
     */
    frameColor: null | string;
    /**
     * Raw value.
     *
     * Default: null
     */
    lensType: null | string;
    /**
     * Raw values.
     *
     * Default: null
     */
    recommendedFaceShapes: null | string[];
    /**
     * Millimetres.
     *
     * Default: null
     */
    lensWidthMm: null | string;
    /**
     * Millimetres.
     *
     * Default: null
     */
    bridgeWidthMm: null | string;
    /**
     * Millimetres.
     *
     * Default: null
     */
    templeLengthMm: null | string;
    /**
     * Millimetres.
     *
     * Default: null
     */
    lensHeightMm: null | string;
    /**
     * Millimetres.
     *
     * Default: null
     */
    frameWidthMm: null | string;
    /**
     * Which lists are whole.
     *
     * Default: {"variants":false}
     */
    complete: ProductComplete;
}
